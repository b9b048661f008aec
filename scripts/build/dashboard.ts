import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { digestOf } from './source-digest.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const FOLDER = join(ROOT, 'packages', 'dashboard')
const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')
const BUILT = join(FOLDER, 'dist')
/** The file in the built folder that says what it was built from. */
const STAMP = 'built-from'

/** Everything that the built files depend on. */
const SOURCES = [
  'package-lock.json',
  'packages/core/src',
  'packages/dashboard/index.html',
  'packages/dashboard/package.json',
  'packages/dashboard/public',
  'packages/dashboard/src',
  'packages/dashboard/vite.config.ts',
  'packages/sdk/src',
  'scripts/build',
]

/** Files that get smaller. Fonts are compressed already. */
const COMPRESSED: ReadonlySet<string> = new Set(['.js', '.css', '.svg'])

/** Whether the built files are those of the sources as they are. */
export async function isDashboardBuilt(): Promise<boolean> {
  const stamp = await readFile(join(BUILT, STAMP), 'utf8').catch(() => undefined)
  return stamp === (await digestOf(ROOT, SOURCES))
}

/** Builds the dashboard into a folder of its own, which then takes the place of the old one. Two builds can run at a time. */
export async function buildDashboard(): Promise<void> {
  const digest = await digestOf(ROOT, SOURCES)
  const folder = await mkdtemp(join(FOLDER, 'dist-'))
  try {
    await runVite(folder)
    await compressFiles(folder)
    await writeFile(join(folder, STAMP), digest)
    // Temporary folders are for their owner only.
    await chmod(folder, 0o755)
    await rm(BUILT, { recursive: true, force: true })
    await rename(folder, BUILT)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    // Another build was faster.
    if (!(await isDashboardBuilt())) throw error
  }
}

/** In a process of its own: within a test run, React would be built for development. @throws Error with the output of Vite */
async function runVite(outDir: string): Promise<void> {
  const args = [VITE, 'build', FOLDER, '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn']
  const env = { ...process.env, NODE_ENV: 'production' }
  try {
    await promisify(execFile)(process.execPath, args, { env })
  } catch (cause) {
    const output = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : ''
    throw new Error(`The dashboard could not be built. Run "npm ci", then try again.\n${output}`, { cause })
  }
}

/** Puts a smaller file beside each one, for every way that browsers take. */
async function compressFiles(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !COMPRESSED.has(extname(entry.name))) continue
    const file = join(entry.parentPath, entry.name)
    const content = await readFile(file)
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    }
    await writeFile(`${file}.br`, await promisify(brotliCompress)(content, { params }))
    await writeFile(`${file}.gz`, await promisify(gzip)(content, { level: 9 }))
  }
}
