// The sign-in and consent pages of the other identity server: a provider leaves these to whoever runs it. No style, no
// script, no request of their own.

const escape = (text) => String(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);

const page = (title, form) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title><link rel="icon" href="data:,"></head>
<body><main><h1>${escape(title)}</h1><form method="post">${form}</form></main></body></html>`;

function signIn(people) {
  const buttons = people.map((person) => `<p><button name="account" value="${escape(person.id)}">${escape(person.name)}</button></p>`);
  return page('Who are you?', buttons.join(''));
}

function consent(client, scopes) {
  const boxes = scopes
    .filter((scope) => scope !== 'openid')
    .map((scope) => `<p><label><input type="checkbox" name="scope" value="${escape(scope)}" checked> ${escape(scope)}</label></p>`);
  const buttons = '<button name="answer" value="allow">Allow</button> <button name="answer" value="deny">Deny</button>';
  return page(`${client} asks to see`, boxes.join('') + buttons);
}

async function formOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

/** What the person's answer means to the provider. */
async function resultOf(provider, details, form) {
  if (details.prompt.name === 'login') return { login: { accountId: form.get('account') } };
  if (form.get('answer') !== 'allow') return { error: 'access_denied' };
  const grant = new provider.Grant({ accountId: details.session.accountId, clientId: details.params.client_id });
  for (const scope of details.params.scope.split(' ')) {
    if (scope === 'openid' || form.getAll('scope').includes(scope)) grant.addOIDCScope(scope);
    else grant.rejectOIDCScope(scope);
  }
  return { consent: { grantId: await grant.save() } };
}

/** Middleware that answers where the provider sends the person to. */
export function pages(provider, people) {
  return async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next();
    const details = await provider.interactionDetails(ctx.req, ctx.res);
    if (ctx.method === 'POST') {
      const result = await resultOf(provider, details, await formOf(ctx.req));
      ctx.status = 303;
      ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
      return undefined;
    }
    const client = await provider.Client.find(details.params.client_id);
    ctx.type = 'html';
    ctx.body = details.prompt.name === 'login' ? signIn(people) : consent(client.clientName, details.params.scope.split(' '));
    return undefined;
  };
}
