/** What stands in place of what failed. */
export const failures = {
  failed: 'This did not work',
  toCorrect: 'Correct this first',
  field: (name: string) => `${name}:`,
  notRead: 'This could not be loaded',
  notFound: 'This does not exist, or you may not see it',
  forbidden: 'You may not do this',
  unreachable: 'The server cannot be reached',
  unreachableNext: 'Nothing was lost. It is tried again every 2 seconds.',
  unexpected: 'Reload the page. If it happens again, look at the console of the browser.',
  retry: 'Try again',
  request: 'Request',
  passkey: {
    declined: 'No passkey was used',
    declinedNext: 'The browser was told to stop, found no passkey for this site, or waited too long.',
    known: 'This device has a passkey for your account already',
    knownNext: 'Sign in with it, or choose another device or password manager.',
  },
}
