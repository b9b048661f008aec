/** The sign-in. */
export const signIn = {
  title: 'Sign in',
  ended: 'Your session has ended. After signing in, you return to where you were.',
  email: 'E-mail address',
  password: 'Password',
  code: 'Code of your authenticator app, or a recovery code',
  submit: 'Sign in',
  wrong: 'The e-mail address or the password is wrong.',
  wrongCode: 'The code is wrong or was used before.',
  codeNeeded: 'Your account has a second factor.',
  with: (provider: string) => `Sign in with ${provider}`,
}
