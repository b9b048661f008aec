import { existsSync, openSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

// Preloaded by servers with a `hangingDisk`, also in the thread that writes. Opening a pipe that nobody writes to waits
// inside of the operating system, as `fsync` of a disk that does not answer: neither Node.js nor SQLite can end the wait.

const pipe = process.env['HANGING_COMMITS'] ?? ''
const prototype = DatabaseSync.prototype
const prepare = Object.getOwnPropertyDescriptor(prototype, 'prepare')?.value as DatabaseSync['prepare']

prototype.prepare = function (...args) {
  const statement = prepare.apply(this, args)
  if (args[0] !== 'commit') return statement
  const commit = statement.run.bind(statement)
  statement.run = () => {
    if (existsSync(pipe)) {
      writeFileSync(`${pipe}.waiting`, '')
      openSync(pipe, 'r')
    }
    return commit()
  }
  return statement
}
