import { readFileSync } from 'node:fs'
import { CommanderError } from 'commander'
import { EXIT, exitCodeOf, failureText, InterruptedError } from './terminal/failure.ts'
import { programOf, runProgram } from './other-programs/other-programs.ts'
import { createProgram } from './program/program.ts'
import { printLine, type Terminal } from './terminal/terminal.ts'

const terminal: Terminal = {
  input: process.stdin,
  output: process.stdout,
  notes: process.stderr,
  environment: process.env,
}

// npm starts its scripts in the folder of the package, but people name files from where they are.
const { npm_lifecycle_event: script, INIT_CWD: folder } = process.env
if (script === 'cli' && folder !== undefined) process.chdir(folder)

async function main(args: readonly string[]): Promise<void> {
  // Behind a command, it is an option of that command.
  if (args.length === 1 && args[0] === '--version') {
    printLine(terminal.output, ownVersion())
    return
  }
  const program = programOf(args)
  if (program !== undefined) {
    runProgram(program, args, import.meta.url)
    return
  }
  endWithReader()
  await createProgram(terminal, Date.now).parseAsync(args, { from: 'user' })
}

function ownVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { readonly version: string }).version
}

function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has left, such as `head`, has what it wants. A full disk has lost the result.
    if (error.code === 'EPIPE') process.exit(EXIT.done)
    printLine(terminal.notes, `The result could not be written: ${error.message}`)
    process.exit(EXIT.failed)
  })
  // Notes that cannot be written are lost, and the command goes on.
  process.stderr.on('error', () => undefined)
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode
  } else {
    if (!(error instanceof InterruptedError)) printLine(terminal.notes, failureText(error))
    process.exitCode = exitCodeOf(error)
  }
}
