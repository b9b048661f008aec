/** The number of the version that a save makes. */
export function nextVersion(newest: string, bump: 'minor' | 'major'): string {
  const [major = 1, minor = 0] = newest.split('.').map(Number)
  return bump === 'major' ? `${major + 1}.0` : `${major}.${minor + 1}`
}
