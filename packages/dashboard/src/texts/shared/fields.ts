/** What fields of requests are called on pages, where it is not their name in words. */
const WORDS = new Map(
  Object.entries({
    // The address of a webhook. Other URLs stand deeper.
    '/url': 'Address',
    slug: 'Short name',
    email: 'E-mail address',
    url: 'URL',
    jwksUrl: 'URL of the keys',
    jwks: 'Keys',
    expiresAt: 'Expires',
    setupToken: 'Set-up token',
    returnUrl: 'Return address',
    keyId: 'Key id',
    ipRanges: 'Addresses',
  }),
)

/**
 * What a place in a request is called on pages: `/owner/email` is "E-mail address", and `/roles/1` "Roles, 2".
 *
 * @param place a JSON pointer (RFC 6901), or the name of a parameter
 */
export function fieldName(place: string): string {
  const names = place.split('/')
  const name = names.findLast((one) => one !== '' && !/^\d+$/.test(one)) ?? place
  const last = names.at(-1) ?? ''
  const spaced = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  const word = WORDS.get(place) ?? WORDS.get(name) ?? spaced.charAt(0).toUpperCase() + spaced.slice(1)
  return /^\d+$/.test(last) ? `${word}, ${Number(last) + 1}` : word
}
