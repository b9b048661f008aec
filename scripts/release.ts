// `npm run release` builds the packages and writes one tarball for each into `release/`.

import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from './build/built-folder.ts'
import { buildGate } from './build/gate.ts'
import { assembleRelease } from './build/release.ts'
import { buildSdk } from './build/sdk.ts'

const RELEASE_FOLDER = join(ROOT, 'release')
const PACKAGES = [assembleRelease, buildSdk, buildGate]

/** Writes the tarballs of all packages into a folder, which it replaces. @returns their paths */
async function packReleases(into: string): Promise<readonly string[]> {
  await rm(into, { recursive: true, force: true })
  await mkdir(into, { recursive: true })
  const scratch = await mkdtemp(join(tmpdir(), 'sallyport-release-'))
  try {
    const tarballs: string[] = []
    for (const [index, assemble] of PACKAGES.entries()) {
      const folder = join(scratch, String(index))
      await mkdir(folder)
      await assemble(folder)
      tarballs.push(join(into, await pack(folder, into, join(scratch, 'cache'))))
    }
    return tarballs
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** @returns the name of the tarball */
async function pack(folder: string, into: string, cache: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    'npm',
    ['pack', '--json', '--cache', cache, '--pack-destination', into],
    { cwd: folder, maxBuffer: 2 ** 26 },
  )
  const [packed] = Object.values(JSON.parse(stdout) as Record<string, { readonly filename: string }>)
  if (packed === undefined) throw new Error(`npm packed nothing in ${folder}`)
  return packed.filename
}

if (import.meta.main) {
  for (const tarball of await packReleases(RELEASE_FOLDER)) console.log(tarball)
}
