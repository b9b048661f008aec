import type { ResourceTexts } from '../operation-text.ts'

const TAG = {
  name: 'Sign-in providers',
  description:
    'People can sign in with OpenID Connect providers, which the setting `SALLYPORT_SIGN_IN_PROVIDERS` lists.',
}
const parameters = { provider: 'The id of the provider in the settings.' }

export const PROVIDERS: ResourceTexts = {
  tag: TAG,
  parameters,
  operations: {
    listSignInProviders: {
      description: 'Lists the providers that people can sign in with.',
      permissions: [],
      example: {},
    },
    beginProviderSignIn: {
      description:
        'Begins a sign-in. Send the browser to `url`; within 10 minutes it comes back to the callback of the provider, and from there to `returnTo`, signed in. A provider that does not respond gets 503 `unavailable`; the others still work.',
      permissions: [],
      example: { path: { provider: 'acme-id' }, body: { returnTo: '/' } },
    },
    completeProviderSignIn: {
      description:
        'Where the provider sends the browser, which goes on to `returnTo` with the cookie of a session. If something is missing, the query of that has `error`: `sign_in_failed`; `account_not_linked`, after which the person signs in another way and links the account; `second_factor_required`, after which the session waits for that; `link_failed`; or `provider_unavailable`. Only the browser that began can complete, once. No e-mail address leads to an existing account.',
      permissions: [],
      answers: { 303: 'The browser goes back to where it began.' },
      example: { path: { provider: 'acme-id' }, query: { code: 'code', state: 'state' } },
    },
  },
}

export const OWN_PROVIDERS: ResourceTexts = {
  tag: TAG,
  parameters,
  operations: {
    beginProviderLink: {
      description:
        'Begins to link an account at a provider to the person who is signed in, who can then sign in with it. It needs a step-up of the last 5 minutes. Send the browser to `url`. It comes back to `returnTo`, whose query has `error=link_failed` if the account is linked to another person, or if the browser no longer has the session that began the link.',
      permissions: [],
      example: {
        path: { provider: 'acme-id' },
        body: { returnTo: '/' },
        keepsCookies: true,
        saves: { PROVIDER_URL: '.url' },
        after: ['stepUp'],
      },
    },
    listLinkedProviders: {
      description: 'Lists the accounts at providers with which the person who is signed in can sign in.',
      permissions: [],
      example: { after: ['beginProviderLink'] },
    },
    unlinkProvider: {
      description:
        'Unlinks the account at a provider, which then no longer signs the person in, and ends the sessions that it opened, also that of the request, unless a password or a passkey has confirmed them since. It needs a step-up of the last 5 minutes. The last way to sign in is refused with 409 `conflict`.',
      permissions: [],
      example: { path: { provider: 'acme-id' }, after: ['listLinkedProviders'] },
    },
  },
}
