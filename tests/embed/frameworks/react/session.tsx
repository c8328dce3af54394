import 'loop-partner/session/react';

export const Typed = () => (
  <loop-provider config="/loop.config.json" navigate onloop-session={({ detail }) => detail.state === 'connected'} onloop-landing={({ detail }) => detail.returnTo.length}>
    <loop-connect label="Connect" scopes="read:red_flags" returnTo="/here" onloop-error={({ detail }) => detail.recovery?.action} />
    <loop-account className="wide" onloop-disconnected={({ detail }) => detail.complete} />
    <loop-number-line code="ldl" />
    {/* @ts-expect-error scopes are one text */}
    <loop-connect scopes={['read:red_flags']} />
    {/* @ts-expect-error a browser keeps no secret */}
    <loop-provider config={{ client_id: 'app_1', client_secret: 'secret' }} />
  </loop-provider>
);
