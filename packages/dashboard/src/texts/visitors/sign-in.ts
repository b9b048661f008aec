/** The sign-in. */
export const signIn = {
  title: 'Sign in',
  ended: 'Your session has ended. After signing in, you return to where you were.',
  email: 'E-mail address',
  password: 'Password',
  forgot: 'Forgot your password?',
  code: 'Code of your authenticator app, or a recovery code',
  submit: 'Sign in',
  wrong: 'The e-mail address or the password is wrong.',
  wrongCode: 'The code is wrong or was used before.',
  wrongPasskey: 'The passkey was refused. Sign in in another way, and remove it from your profile.',
  codeNeeded: 'Your account has a second factor.',
  codeTitle: 'Enter your code',
  codeFor: (email: string) =>
    `You are nearly signed in as ${email}. Your account also asks for a second factor.`,
  goOn: 'Go on',
  startAgain: 'Sign in as another person',
  otherWays: 'Other ways to sign in',
  or: 'or',
  withPasskey: 'Sign in with a passkey',
  with: (provider: string) => `Sign in with ${provider}`,
  providerErrors: {
    sign_in_failed: {
      title: 'The provider did not sign you in',
      next: 'The sign-in was declined or took too long. Try again, or sign in in another way.',
    },
    account_not_linked: {
      title: 'No account is linked to this one',
      next: 'Sign in in another way first, and link the provider in your profile.',
    },
    second_factor_required: {
      title: 'The session with your code has ended',
      next: 'Sign in again, and enter the code within a few minutes.',
    },
    link_failed: {
      title: 'The account was not linked',
      next: 'Another person has linked it, you have linked another one there, or your session ended.',
    },
    provider_unavailable: {
      title: 'The provider does not respond',
      next: 'Try again in a moment, or sign in in another way.',
    },
  },
}
