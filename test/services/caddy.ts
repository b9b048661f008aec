import { findProgram, type FoundProgram } from './debian-program.ts'

/** Finds Caddy. @throws an error that says what to install if it is not available */
export async function caddyProgram(): Promise<FoundProgram> {
  return await findProgram({
    names: ['caddy'],
    paths: ['/usr/bin/caddy'],
    packages: ['caddy'],
    packaged: 'usr/bin/caddy',
    notFound:
      'A test needs Caddy, which is not installed. Install it (Debian 12 and Ubuntu 24.04 or later: ' +
      '"apt-get install caddy"; macOS: "brew install caddy").',
  })
}
