/** Now, without fractions of a second (RFC 3339). */
export function timestampNow(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z')
}
