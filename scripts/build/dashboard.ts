import { execFile } from 'node:child_process'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { builtFolder, ROOT } from './built-folder.ts'

const FOLDER = join(ROOT, 'packages', 'dashboard')
const VITE = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js')

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

/** The dashboard as browsers load it. */
export const DASHBOARD = builtFolder(FOLDER, SOURCES, async (into) => {
  await runVite(into)
  await compressFiles(into)
})

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
