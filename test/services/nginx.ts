import { join } from 'node:path'
import { debianPackages, unpackedPackages } from './debian-packages.ts'
import { isExecutable, programOnPath } from './programs.ts'

const PACKAGES = ['nginx-light']

/** Debian's location, which is not on every user's PATH. */
const DEBIAN_PATH = 'usr/sbin/nginx'

const NOT_FOUND =
  'A test needs nginx, which is not installed. Install it (Debian and Ubuntu: "apt-get install nginx-light"; ' +
  'macOS: "brew install nginx").'

export interface NginxProgram {
  readonly path: string
  /** Environment variables that the program needs in addition to the caller's. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Finds nginx on `PATH`, in Debian's location, or in Debian's package. Does not start it.
 *
 * @throws an error that says what to install if nginx is not available
 */
export async function nginxProgram(): Promise<NginxProgram> {
  const installed = [programOnPath('nginx'), `/${DEBIAN_PATH}`].find(
    (path) => path !== undefined && isExecutable(path),
  )
  if (installed !== undefined) return { path: installed, env: {} }
  const unpacked = await unpackedPackages(PACKAGES)
  const files = isExecutable(join(unpacked.root, DEBIAN_PATH)) ? unpacked : await packages()
  const path = files && join(files.root, DEBIAN_PATH)
  if (files === undefined || path === undefined || !isExecutable(path)) throw new Error(NOT_FOUND)
  return { path, env: files.libraryPath === undefined ? {} : { LD_LIBRARY_PATH: files.libraryPath } }
}

async function packages() {
  try {
    return await debianPackages(PACKAGES)
  } catch (error) {
    throw new Error(`${NOT_FOUND}\n${error instanceof Error ? error.message : ''}`, { cause: error })
  }
}
