import { enableCompileCache } from 'node:module'
import { join } from 'node:path'

// Half of the time of a small scan would be the compilation of these few files.
enableCompileCache(join(import.meta.dirname, '../../../node_modules/.cache/sallyport/compiled'))
const { scanCommand } = await import('./scan-command.ts')
process.exitCode = await scanCommand(process.argv.slice(2))
