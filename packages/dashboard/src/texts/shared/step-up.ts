/** The question who it is, before what cannot be undone or gives access. */
export const stepUp = {
  title: 'Confirm that it is you',
  lead: 'Before acts that cannot be undone or that give access to others. It holds for 5 minutes.',
  leadWithoutPassword:
    'This weakens your second factor, so the password is not enough. The confirmation holds for 5 minutes.',
  ways: 'How to confirm',
  words: { password: 'Password', code: 'Code', passkey: 'Passkey' },
  password: 'Your password',
  code: 'Code of your authenticator app, or a recovery code',
  passkey: 'The browser asks for one of your passkeys.',
  submit: 'Confirm',
  wrong: {
    password: 'The password is wrong.',
    code: 'The code is wrong or was used before. Wait for the next one.',
    passkey: 'The passkey was refused. Use another one.',
  },
  noPassword: 'If you only sign in with a provider, sign out and in again: that confirms it too.',
}
