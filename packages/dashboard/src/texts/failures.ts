/** What stands in place of what failed. */
export const failures = {
  failed: 'This did not work',
  notFound: 'This does not exist, or you may not see it',
  forbidden: 'You may not do this',
  unreachable: 'The server cannot be reached',
  unreachableNext: 'Nothing was lost. It is tried again every 2 seconds.',
  unexpected: 'Reload the page. If it happens again, look at the console of the browser.',
  retry: 'Try again',
  request: 'Request',
}
