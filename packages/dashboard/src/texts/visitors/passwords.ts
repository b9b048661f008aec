/** The page that asks for a link to set a new password. */
export const forgotPassword = {
  title: 'Forgot your password?',
  lead: 'Enter the e-mail address that you sign in with. You get a mail with a link to set a new password.',
  email: 'E-mail address',
  submit: 'Send the link',
  back: 'Back to the sign-in',
}

/** The page that such a link opens. */
export const resetPassword = {
  title: 'Set a new password',
  lead: 'It replaces your old password, ends all your sessions, and makes every other link of this kind worthless.',
  password: 'New password',
  hint: 'At least 8 characters of any kind. Easily guessed ones are refused.',
  submit: 'Set password',
  missing: 'The link is not complete',
  spent: 'This link does not work any more',
  missingNext: 'Copy all of it, with the part after “#”, or ask for a new one.',
  spentNext: 'It was used, has expired, or was replaced by a newer one.',
  again: 'Ask for a new link',
  done: 'Your new password is set',
  doneText: 'All your sessions have ended. Sign in with the new password.',
  signIn: 'Sign in',
}
