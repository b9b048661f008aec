import { CommanderError } from 'commander'
import { EXIT, exitCodeOf, failureText } from './terminal/failure.ts'
import { programOf, runProgram } from './programs/programs.ts'
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
  const program = programOf(args)
  if (program !== undefined) {
    await runProgram(program, args, import.meta.url)
    return
  }
  // A reader that has left, such as `head`, ends the command.
  process.stdout.on('error', () => process.exit(EXIT.done))
  await createProgram(terminal, Date.now).parseAsync(args, { from: 'user' })
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode
  } else {
    printLine(terminal.notes, failureText(error))
    process.exitCode = exitCodeOf(error)
  }
}
