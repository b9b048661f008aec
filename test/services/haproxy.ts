import { findProgram, type FoundProgram } from './debian-program.ts'

/** Finds HAProxy. @throws an error that says what to install if it is not available */
export async function haproxyProgram(): Promise<FoundProgram> {
  return await findProgram({
    names: ['haproxy'],
    paths: ['/usr/sbin/haproxy'],
    packages: ['haproxy'],
    packaged: 'usr/sbin/haproxy',
    notFound:
      'A test needs HAProxy 2.6 or later, which is not installed. Install it (Debian 12 and Ubuntu 24.04 or later: ' +
      '"apt-get install haproxy"; macOS: "brew install haproxy").',
  })
}
