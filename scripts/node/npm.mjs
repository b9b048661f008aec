// How npm is started for a project of its own, also from a script that npm itself runs.

import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..')

/**
 * Settings of the outer npm that are about its own project or what it does there. npm hands them on to scripts in
 * variables. Those about the network, such as a proxy or a registry, stay.
 */
const OUTER_SETTINGS = new Set(
  [
    'workspace workspaces include_workspace_root global location local_prefix',
    'dry_run package_lock package_lock_only omit include production only also save force',
    'ignore_scripts install_strategy install_links legacy_bundling global_style os cpu libc loglevel json',
  ].flatMap((line) => line.split(' ').map((name) => `npm_config_${name}`)),
)

/** Where the settings file of the machine is. */
const PREFIX_SETTINGS = ['npm_config_prefix', 'npm_config_globalconfig']

/**
 * The environment for npm in another folder.
 * @param {NodeJS.ProcessEnv} env
 * @param {string | undefined} cache npm's folder for downloads; undefined for its own
 * @returns {NodeJS.ProcessEnv}
 */
export function npmEnvironment(env, cache) {
  // `npm --prefix FOLDER test` hands on FOLDER, and the path of a settings file of the machine in it, which does not exist.
  const isOfCheckout = resolve(env['npm_config_prefix'] ?? '') === ROOT
  const kept = Object.entries(env).filter(([name]) => {
    const lower = name.toLowerCase()
    return !OUTER_SETTINGS.has(lower) && !(isOfCheckout && PREFIX_SETTINGS.includes(lower))
  })
  return { ...Object.fromEntries(kept), ...(cache === undefined ? {} : { npm_config_cache: cache }) }
}

/**
 * How to start npm: its JavaScript file with the current Node.js, which needs no shell on any system, or by name if that
 * file is not found.
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} args constants without characters that are special to a shell
 * @returns {{ command: string, args: string[], shell: boolean }}
 */
export function npmCommand(env, args) {
  const nodeFolder = dirname(process.execPath)
  const candidates = [
    // npm sets it for the scripts that it runs; other package managers set it to their own file.
    basename(env['npm_execpath'] ?? '') === 'npm-cli.js' ? env['npm_execpath'] : undefined,
    join(nodeFolder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    resolve(nodeFolder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
  const script = candidates.find((candidate) => candidate !== undefined && existsSync(candidate))
  if (script !== undefined) return { command: process.execPath, args: [script, ...args], shell: false }
  // On Windows npm is a batch file, which only a shell can start.
  const isWindows = process.platform === 'win32'
  return { command: isWindows ? 'npm.cmd' : 'npm', args, shell: isWindows }
}
