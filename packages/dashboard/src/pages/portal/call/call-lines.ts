import { shellWord } from '../../../format/shell-word.ts'
import type { PortalPipeline } from '@sallyport/sdk'
import type { Language } from '../search.ts'

type Called = Pick<PortalPipeline, 'url' | 'methods' | 'authentication'>

/** Methods whose requests have a body. */
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])

/** The variables of the environment that a call takes its credentials from, so that none stands in a program. */
export const VARIABLES = {
  apiKey: 'API_KEY',
  username: 'API_USERNAME',
  password: 'API_PASSWORD',
  jwt: 'API_JWT',
} as const

/** GET if the pipeline takes it. */
function methodOf({ methods }: Called): string {
  return methods.includes('GET') ? 'GET' : (methods[0] ?? 'GET')
}

/** Basic and JWT share the header `Authorization`, so that the JWT has another one beside Basic. */
function jwtHeader({ authentication }: Called): { readonly name: string; readonly prefix: string } {
  return authentication.basic
    ? { name: 'x-access-token', prefix: '' }
    : { name: 'authorization', prefix: 'Bearer ' }
}

/** A call of a pipeline, to paste into a shell or a program. */
export function callLines(language: Language, called: Called): string {
  switch (language) {
    case 'curl':
      return curlLines(called, `$${VARIABLES.apiKey}`)
    case 'javascript':
      return javascriptLines(called)
    case 'python':
      return pythonLines(called)
  }
}

/** A call from a shell with a token that stands in it. */
export function curlWith(called: Called, token: string): string {
  return curlLines(called, token)
}

/** The variables that the lines of a call read. */
export function variablesOf({ authentication: { apiKey, basic, jwt } }: Called): readonly string[] {
  return [
    ...(apiKey ? [VARIABLES.apiKey] : []),
    ...(basic ? [VARIABLES.username, VARIABLES.password] : []),
    ...(jwt ? [VARIABLES.jwt] : []),
  ]
}

/** The parts of the path that stand for values of the caller: `:id`, and `*` for the rest. */
export function placesOf({ url }: Called): readonly string[] {
  return url.split('/').filter((part) => /^(?::.+|\*)$/.test(part))
}

function curlLines(called: Called, apiKey: string): string {
  const method = methodOf(called)
  const { authentication } = called
  const jwt = jwtHeader(called)
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${shellWord(called.url)}`,
    authentication.apiKey && `-H "x-api-key: ${apiKey}"`,
    authentication.basic && `-u "$${VARIABLES.username}:$${VARIABLES.password}"`,
    authentication.jwt && `-H "${jwt.name}: ${jwt.prefix}$${VARIABLES.jwt}"`,
    WITH_BODY.has(method) && `-H 'content-type: application/json' -d '{}'`,
  ]
  return lines.filter((line) => line !== false).join(' \\\n  ')
}

function javascriptLines(called: Called): string {
  const method = methodOf(called)
  const { apiKey, basic, jwt } = called.authentication
  const { name, prefix } = jwtHeader(called)
  const hasBody = WITH_BODY.has(method)
  const headers = [
    apiKey && `"x-api-key": process.env.${VARIABLES.apiKey},`,
    basic &&
      `authorization: "Basic " + btoa(\`\${process.env.${VARIABLES.username}}:\${process.env.${VARIABLES.password}}\`),`,
    jwt && `"${name}": ${prefix === '' ? '' : `"${prefix}" + `}process.env.${VARIABLES.jwt},`,
    hasBody && '"content-type": "application/json",',
  ]
  return [
    `const response = await fetch(${JSON.stringify(called.url)}, {`,
    `  method: "${method}",`,
    '  headers: {',
    ...headers.filter((line) => line !== false).map((line) => `    ${line}`),
    '  },',
    ...(hasBody ? ['  body: JSON.stringify({}),'] : []),
    '})',
    'console.log(response.status, await response.text())',
  ].join('\n')
}

/** Reads a variable of the environment in Python. */
function read(variable: string): string {
  return `os.environ["${variable}"]`
}

function pythonLines(called: Called): string {
  const method = methodOf(called)
  const { apiKey, basic, jwt } = called.authentication
  const { name, prefix } = jwtHeader(called)
  const hasBody = WITH_BODY.has(method)
  const pair = `(${read(VARIABLES.username)} + ":" + ${read(VARIABLES.password)})`
  const headers = [
    apiKey && `"x-api-key": ${read(VARIABLES.apiKey)},`,
    basic && `"authorization": "Basic " + base64.b64encode(${pair}.encode()).decode(),`,
    jwt && `"${name}": ${prefix === '' ? '' : `"${prefix}" + `}${read(VARIABLES.jwt)},`,
    hasBody && '"content-type": "application/json",',
  ]
  return [
    ...(basic ? ['import base64'] : []),
    'import os',
    'import urllib.request',
    '',
    'request = urllib.request.Request(',
    `    ${JSON.stringify(called.url)},`,
    `    method="${method}",`,
    '    headers={',
    ...headers.filter((line) => line !== false).map((line) => `        ${line}`),
    '    },',
    ...(hasBody ? ['    data=b"{}",'] : []),
    ')',
    'with urllib.request.urlopen(request) as response:',
    '    print(response.status, response.read().decode())',
  ].join('\n')
}
