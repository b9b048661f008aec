import { NODE_MIN } from '../node/distributions.mjs'

/**
 * The text of the file that is started. An older Node.js cannot parse the rest, and would only name an unexpected token, so
 * this file has nothing that is new, and imports nothing before it has checked the version.
 *
 * @param program the file that it starts, beside it
 */
export function checkedProgram(program: string): string {
  return `#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number)
const [majorMin, minorMin] = [${NODE_MIN.replace('.', ', ')}]
if (major < majorMin || (major === majorMin && minor < minorMin)) {
  console.error(
    'Sallyport needs Node.js ${NODE_MIN} or later, and this is Node.js ' + process.versions.node + ' (' + process.execPath + '). ' +
      'Install a newer one. In a clone of the repository, the npm scripts fetch one.',
  )
  process.exit(2)
}
await import('./${program}')
`
}
