import { findProgram, type FoundProgram } from './debian-program.ts'

/** Finds nginx. @throws an error that says what to install if it is not available */
export async function nginxProgram(): Promise<FoundProgram> {
  return await findProgram({
    names: ['nginx'],
    paths: ['/usr/sbin/nginx'],
    packages: ['nginx-light'],
    packaged: 'usr/sbin/nginx',
    notFound:
      'A test needs nginx, which is not installed. Install it (Debian and Ubuntu: "apt-get install nginx-light"; ' +
      'macOS: "brew install nginx").',
  })
}
