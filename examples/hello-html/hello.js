// What is opened in the list is drawn below it, of the same session.
const trend = document.querySelector('loop-trend');

addEventListener('loop-select', ({ detail }) => {
  trend.setAttribute('code', detail.code);
  trend.hidden = false;
});

addEventListener('loop-session', ({ detail }) => {
  if (detail.state !== 'connected') trend.hidden = true;
});
