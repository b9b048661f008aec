import { readdir, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { debianPackages, unpackedPackages } from './debian-packages.ts'
import { isExecutable, programOnPath, run } from './programs.ts'

const PACKAGES = ['postgresql']

/** The folder of `initdb` and `postgres`, and the path of their libraries if these are not installed. */
export interface PostgresPrograms {
  readonly folder: string
  readonly libraryPath: string | undefined
}

/**
 * Finds PostgreSQL's server programs on `PATH`, in Debian's location, by `pg_config`, or in Debian's packages.
 *
 * @throws an error that says what to install if they are not available
 */
export async function postgresPrograms(): Promise<PostgresPrograms> {
  const installed = await installedFolder()
  if (installed !== undefined) return { folder: installed, libraryPath: undefined }
  const unpacked = await unpackedPackages(PACKAGES)
  const files = (await debianFolder(unpacked.root)) === undefined ? await packages() : unpacked
  const folder = files && (await debianFolder(files.root))
  if (files === undefined || folder === undefined) throw new Error(NOT_FOUND)
  return { folder, libraryPath: files.libraryPath }
}

const NOT_FOUND =
  'The tests need PostgreSQL server programs, which are not installed. Install PostgreSQL 15 or later ' +
  '(Debian and Ubuntu: "apt-get install postgresql"; macOS: "brew install postgresql@18") so that "initdb" and ' +
  '"postgres" are on PATH, or set SALLYPORT_TEST_POSTGRES_URL to a server whose user may create databases.'

async function packages() {
  try {
    return await debianPackages(PACKAGES)
  } catch (error) {
    throw new Error(`${NOT_FOUND}\n${(error as Error).message}`, { cause: error })
  }
}

async function installedFolder(): Promise<string | undefined> {
  const onPath = programOnPath('postgres')
  const candidates = [
    // A symbolic link on PATH may be in another folder than the programs.
    onPath && dirname(await realpath(onPath)),
    await debianFolder('/'),
    await run('pg_config', ['--bindir']).then(
      (output) => output.trim(),
      () => undefined,
    ),
  ]
  return candidates.find((folder) => folder !== undefined && holdsServer(folder))
}

function holdsServer(folder: string): boolean {
  return ['initdb', 'postgres'].every((name) => isExecutable(join(folder, name)))
}

/** Debian has one folder for each major version; the newest one is used. */
async function debianFolder(root: string): Promise<string | undefined> {
  const base = join(root, 'usr', 'lib', 'postgresql')
  const versions = (await readdir(base).catch(() => [])).toSorted((a, b) => Number(b) - Number(a))
  return versions.map((version) => join(base, version, 'bin')).find(holdsServer)
}
