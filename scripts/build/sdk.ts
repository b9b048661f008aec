import { execFile } from 'node:child_process'
import { copyFile, glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { builtManifest, type SourceManifest } from './built-manifest.ts'
import { withJavaScriptImports } from './declarations.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const SDK = join(ROOT, 'packages', 'sdk')
/** Where the built package is. */
export const SDK_FOLDER = join(SDK, 'dist')
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')

/**
 * Builds the SDK as a package of JavaScript with declarations, which needs neither this repository nor TypeScript.
 *
 * @param folder is replaced
 * @throws an error with the output of the compiler
 */
export async function buildSdk(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await compile(folder)
  for await (const name of glob('**/*.d.ts', { cwd: folder })) {
    const path = join(folder, name)
    const text = await readFile(path, 'utf8')
    await writeFile(path, withJavaScriptImports(text))
  }
  const source = JSON.parse(await readFile(join(SDK, 'package.json'), 'utf8')) as SourceManifest
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(builtManifest(source), null, 2)}\n`)
  await copyFile(join(ROOT, 'LICENSE'), join(folder, 'LICENSE'))
}

async function compile(folder: string): Promise<void> {
  const command = [TSC, '-p', join(SDK, 'tsconfig.build.json'), '--outDir', folder]
  try {
    await promisify(execFile)(process.execPath, command)
  } catch (cause) {
    const { stdout } = cause as { stdout?: string }
    throw new Error(`The SDK could not be compiled:\n${stdout ?? ''}`, { cause })
  }
}
