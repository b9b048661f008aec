/** What is said of hand-over links. */
export const handOver = {
  field: 'The token',
  ways: { here: 'Show it here', link: 'Hand-over link' },
  hereHint: 'You see it once, and pass it on yourself.',
  linkHint:
    'A link shows it once, to the person who opens it. You do not see it, and learn when and from where it was opened.',
  hours: 'The link can be opened for',
  hourChoices: { '1': '1 hour', '24': '1 day', '72': '3 days', '168': '7 days' },
  ready: (name: string) => `The link for ${name} is ready`,
  label: 'Hand-over link',
  once: 'Shown this once. Send it only to the person who needs the key: the first person who opens it has the token. Previews of the link do not open it.',
  guardTitle: 'Close without copying the link?',
  guardText: 'It cannot be shown again. The key stays; roll it to get another token or link.',
  title: 'Hand-over links',
  states: { pending: 'Not opened yet', opened: 'Opened', expired: 'Expired', withdrawn: 'Withdrawn' },
  until: 'Can be opened until',
  made: 'Made',
  from: (address: string) => `from ${address}`,
  withdraw: 'Withdraw',
  withdrawOf: (made: string) => `Withdraw the link made ${made}`,
  withdrawTitle: 'Withdraw this link?',
  withdrawText:
    'It cannot be opened any more, and does not show its token to anyone. The key stays: roll it for another token, or delete it.',
  withdrawn: 'The link is withdrawn',
}
