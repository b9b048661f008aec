import { CommanderError } from 'commander'
import { EXIT, exitCodeOf, failureText, InterruptedError } from './terminal/failure.ts'
import { createProgram } from './program/program.ts'
import { printLine, type Terminal } from './terminal/terminal.ts'

const terminal: Terminal = {
  input: process.stdin,
  output: process.stdout,
  notes: process.stderr,
  environment: process.env,
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has left, such as `head`, has what it wants. A full disk has lost the result.
  if (error.code === 'EPIPE') process.exit(EXIT.done)
  printLine(terminal.notes, `The result could not be written: ${error.message}`)
  process.exit(EXIT.failed)
})
// Without its reader, there is nobody to tell.
process.stderr.on('error', () => undefined)

try {
  await createProgram(terminal, Date.now).parseAsync(process.argv)
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode
  } else {
    if (!(error instanceof InterruptedError)) printLine(terminal.notes, failureText(error))
    process.exitCode = exitCodeOf(error)
  }
}
