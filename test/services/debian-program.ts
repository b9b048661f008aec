import { join } from 'node:path'
import { debianPackages, unpackedPackages } from './debian-packages.ts'
import { isExecutable, programOnPath } from './programs.ts'

/** Where a program can be found. */
export interface ProgramSearch {
  /** Its names on `PATH`, the preferred one first. */
  readonly names: readonly string[]
  /** Paths at which it may be installed, although they are not on every user's `PATH`. */
  readonly paths?: readonly string[]
  /** Debian's packages that have it. */
  readonly packages: readonly string[]
  /** The program within the packages. */
  readonly packaged: string
  /** The error if it is nowhere, which says what to install. */
  readonly notFound: string
}

export interface FoundProgram {
  readonly path: string
  /** Environment variables that the program needs in addition to the caller's. */
  readonly env: Readonly<Record<string, string>>
}

/**
 * Finds a program on `PATH`, where it may be installed, or in Debian's packages. Does not start it.
 *
 * @throws an error that says what to install if the program is not available
 */
export async function findProgram(search: ProgramSearch): Promise<FoundProgram> {
  const { names, paths = [], packages, packaged, notFound } = search
  const installed = [...names.map(programOnPath), ...paths.filter(isExecutable)].find(
    (path) => path !== undefined,
  )
  if (installed !== undefined) return { path: installed, env: {} }
  const unpacked = await unpackedPackages(packages)
  const files = isExecutable(join(unpacked.root, packaged)) ? unpacked : await fetched(search)
  const path = files && join(files.root, packaged)
  if (files === undefined || path === undefined || !isExecutable(path)) throw new Error(notFound)
  return { path, env: files.libraryPath === undefined ? {} : { LD_LIBRARY_PATH: files.libraryPath } }
}

async function fetched({ packages, notFound }: ProgramSearch) {
  try {
    return await debianPackages(packages)
  } catch (error) {
    throw new Error(`${notFound}\n${error instanceof Error ? error.message : ''}`, { cause: error })
  }
}
