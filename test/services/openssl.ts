import { findProgram, type FoundProgram } from './debian-program.ts'

/** Finds OpenSSL. @throws an error that says what to install if it is not available */
export async function opensslProgram(): Promise<FoundProgram> {
  return await findProgram({
    names: ['openssl'],
    packages: ['openssl'],
    packaged: 'usr/bin/openssl',
    notFound:
      'A test needs OpenSSL 3, which is not installed. Install it (Debian and Ubuntu: "apt-get install openssl"; macOS: ' +
      '"brew install openssl@3").',
  })
}
