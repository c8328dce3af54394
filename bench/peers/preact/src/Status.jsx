// The platform's word for a value, as a badge.

const SEVERITIES = ['normal', 'borderline', 'low', 'high', 'critical'];

/** The place of a status from normal to critical. */
export const severity = (status) => SEVERITIES.indexOf(status);

export const Status = ({ of }) => <span class={`status ${of}`}>{of}</span>;
