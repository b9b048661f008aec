import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isRoot, programOnPath, run } from './programs.ts'

const CACHE = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'sallyport', 'debian')

/** How long to wait for another package installation on this machine. */
const LOCK_TIMEOUT_SECONDS = 300

const ENVIRONMENT = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }

/**
 * The location of package files: `/` if they were installed, or a folder in this project's cache if they were only
 * unpacked. Unpacked programs need `libraryPath` as `LD_LIBRARY_PATH`.
 */
export interface PackageFiles {
  readonly root: string
  readonly libraryPath: string | undefined
}

/**
 * Provides packages on a Debian-like machine: installs them as root, or unpacks them into the project's cache as any
 * other user. Starts no service.
 *
 * @returns undefined on a machine without apt
 * @throws an error with apt's output if the packages are not available
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
    // Moved into place when complete, so that an interrupted run leaves no partial folder.
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
  // With separate folders, apt needs no privileges to read package lists and to download packages and dependencies.
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

/** Debian keeps libraries in folders named after the architecture, such as `usr/lib/x86_64-linux-gnu`. */
async function libraryPath(root: string): Promise<string> {
  const folders: string[] = []
  for (const base of [join(root, 'usr', 'lib'), join(root, 'lib')]) {
    const names = await readdir(base).catch(() => [])
    folders.push(base, ...names.filter((name) => name.includes('-linux-')).map((name) => join(base, name)))
  }
  return folders.join(':')
}

/** The cache location of unpacked packages, which may not exist. */
export async function unpackedPackages(packages: readonly string[]): Promise<PackageFiles> {
  const root = unpackedRoot(packages)
  return { root, libraryPath: await libraryPath(root) }
}
