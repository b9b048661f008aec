/** The dialog that shows a token once. */
export const token = {
  ready: (name: string) => `${name} is ready`,
  rolled: (name: string) => `${name} has a new token`,
  label: 'Token',
  once: 'Shown this once. Sallyport keeps only its SHA-256, so it cannot be read again, not even by administrators. Lost it? Roll the key.',
  tryIt: 'Try it from a shell',
  waiting: 'Waiting for the first call',
  called: 'First called',
  notCopied: 'Not copied yet',
  copied: 'Copied',
  close: 'Close',
  guardTitle: 'Close without copying the token?',
  guardText: 'It cannot be shown again. The key stays; to get another token you would roll it.',
  closeAnyway: 'Close anyway',
  copyAndClose: 'Copy and close',
}
