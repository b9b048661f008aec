import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isRoot, programOnPath, run } from './programs.ts'

const CACHE = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'sallyport', 'debian')

/** How long to wait for another package installation on the machine. */
const LOCK_TIMEOUT_SECONDS = 300

const ENVIRONMENT = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }

/**
 * Where the files of packages are: `/` when they were installed, a folder of this project's cache when they were only
 * unpacked. Programs in the latter find their libraries by `libraryPath` (for `LD_LIBRARY_PATH`).
 */
export interface PackageFiles {
  readonly root: string
  readonly libraryPath: string | undefined
}

/**
 * Brings packages onto a Debian-like machine: installs them as root, unpacks them into the project's cache as anybody
 * else. No service is started. Gives nothing on a machine without apt.
 *
 * @throws an error with apt's words when the packages cannot be had
 */
export async function debianPackages(packages: readonly string[]): Promise<PackageFiles | undefined> {
  if (programOnPath('apt-get') === undefined || programOnPath('dpkg-deb') === undefined) return undefined
  if (!isRoot()) return await unpack(packages)
  await install(packages)
  return { root: '/', libraryPath: undefined }
}

async function install(packages: readonly string[]): Promise<void> {
  // Debian starts a service as soon as it is installed, unless this program forbids it with status 101
  // (https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt).
  const policy = '/usr/sbin/policy-rc.d'
  const policyIsOurs = await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' }).then(
    () => true,
    () => false,
  )
  try {
    const apt = ['-o', `DPkg::Lock::Timeout=${LOCK_TIMEOUT_SECONDS}`, '-y', '-q']
    await run('apt-get', [...apt, 'update'], { env: ENVIRONMENT })
    await run('apt-get', [...apt, 'install', '--no-install-recommends', ...packages], { env: ENVIRONMENT })
  } finally {
    if (policyIsOurs) await rm(policy, { force: true })
  }
}

async function unpack(packages: readonly string[]): Promise<PackageFiles> {
  await mkdir(CACHE, { recursive: true })
  const draft = await mkdtemp(join(CACHE, 'unpacking-'))
  try {
    await unpackInto(draft, packages)
    // Moved into place when it is whole: what an interrupted run leaves behind is never taken for the packages.
    const root = unpackedRoot(packages)
    await rm(root, { recursive: true, force: true })
    await rename(join(draft, 'root'), root)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
  return await unpackedPackages(packages)
}

async function unpackInto(draft: string, packages: readonly string[]): Promise<void> {
  const [root, archives, lists] = [join(draft, 'root'), join(draft, 'archives'), join(draft, 'lists')]
  for (const needed of [root, join(archives, 'partial'), join(lists, 'partial')]) {
    await mkdir(needed, { recursive: true })
  }
  // apt with folders of its own needs no privileges to learn of packages and to download them with what they need.
  const apt = ['-y', '-q', '-o', 'Debug::NoLocking=1', '-o', `Dir::State::lists=${lists}`]
  apt.push('-o', `Dir::Cache=${draft}`, '-o', `Dir::Cache::archives=${archives}`)
  await run('apt-get', [...apt, 'update'], { env: ENVIRONMENT })
  const download = ['install', '--no-install-recommends', '--download-only']
  await run('apt-get', [...apt, ...download, ...packages], { env: ENVIRONMENT })
  for (const name of await readdir(archives)) {
    if (name.endsWith('.deb')) await run('dpkg-deb', ['-x', join(archives, name), root])
  }
}

function unpackedRoot(packages: readonly string[]): string {
  return join(CACHE, packages.join('+'))
}

/** Debian keeps libraries in folders named after the machine, such as `usr/lib/x86_64-linux-gnu`. */
async function libraryPath(root: string): Promise<string> {
  const folders: string[] = []
  for (const base of [join(root, 'usr', 'lib'), join(root, 'lib')]) {
    const names = await readdir(base).catch(() => [])
    folders.push(base, ...names.filter((name) => name.includes('-linux-')).map((name) => join(base, name)))
  }
  return folders.join(':')
}

/** The files of packages that an earlier call unpacked into the cache; they may not be there. */
export async function unpackedPackages(packages: readonly string[]): Promise<PackageFiles> {
  const root = unpackedRoot(packages)
  return { root, libraryPath: await libraryPath(root) }
}
