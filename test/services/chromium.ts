import { join } from 'node:path'
import { debianPackages, unpackedPackages } from './debian-packages.ts'
import { isExecutable, programOnPath } from './programs.ts'

const PACKAGES = ['chromium']

/** Debian's program, and beside it the launcher script, which only works where the package is installed. */
const DEBIAN_PROGRAM = 'usr/lib/chromium/chromium'
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

const NOT_FOUND =
  'A test needs Chromium, which is not installed. Install it (Debian: "apt-get install chromium"; ' +
  'elsewhere: put a program named "chromium" or "google-chrome" on PATH).'

export interface ChromiumProgram {
  readonly path: string
  /** Environment variables that the program needs in addition to the caller's. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Finds Chromium on `PATH`, or in Debian's package. Does not start it.
 *
 * @throws an error that says what to install if Chromium is not available
 */
export async function chromiumProgram(): Promise<ChromiumProgram> {
  const installed = NAMES.map(programOnPath).find((path) => path !== undefined)
  if (installed !== undefined) return { path: installed, env: {} }
  const unpacked = await unpackedPackages(PACKAGES)
  const files = isExecutable(join(unpacked.root, DEBIAN_PROGRAM)) ? unpacked : await packages()
  const path = files && join(files.root, DEBIAN_PROGRAM)
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
