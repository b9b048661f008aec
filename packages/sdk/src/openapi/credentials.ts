import { itemsOf, membersOf, resolved, textOf } from './document.ts'

/** The credentials that callers send, as `trigger.authentication` and `trigger.apiKeyInQuery`. */
export interface Credentials {
  readonly apiKey: boolean
  readonly jwt: boolean
  readonly basic: boolean
  readonly apiKeyInQuery: boolean
}

/** What an operation requires: credentials, nothing, or something that no pipeline can ask for. */
export type Requirement =
  | { readonly kind: 'credentials'; readonly credentials: Credentials }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly scheme: string }

const NONE: Credentials = { apiKey: false, jwt: false, basic: false, apiKeyInQuery: false }

/**
 * What an operation requires (OpenAPI 3.1, "Security Requirement Object"). Of alternatives, the first one that a pipeline
 * can ask for counts.
 *
 * @param security the operation's list, or else the document's; undefined if neither has one
 */
export function requirementOf(document: unknown, security: unknown): Requirement {
  const alternatives = itemsOf(security).map(membersOf)
  if (alternatives.length === 0) return { kind: 'none' }
  const requirements = alternatives.map((schemes) => requirementOfAll(document, Object.keys(schemes)))
  return (
    requirements.find(({ kind }) => kind === 'credentials') ??
    requirements.find(({ kind }) => kind === 'unknown') ?? { kind: 'none' }
  )
}

/** @param names of the schemes of which every one is required; empty if anyone may call */
function requirementOfAll(document: unknown, names: readonly string[]): Requirement {
  let credentials = NONE
  for (const name of names) {
    const scheme = schemeNamed(document, name)
    if (scheme === undefined) return { kind: 'unknown', scheme: name }
    credentials = {
      apiKey: credentials.apiKey || scheme.apiKey === true,
      jwt: credentials.jwt || scheme.jwt === true,
      basic: credentials.basic || scheme.basic === true,
      apiKeyInQuery: credentials.apiKeyInQuery || scheme.apiKeyInQuery === true,
    }
  }
  return names.length === 0 ? { kind: 'none' } : { kind: 'credentials', credentials }
}

/** A security scheme (OpenAPI 3.1, "Security Scheme Object"); undefined for one that callers of a pipeline cannot use. */
function schemeNamed(document: unknown, name: string): Partial<Credentials> | undefined {
  const schemes = membersOf(membersOf(membersOf(document)['components'])['securitySchemes'])
  const scheme = Object.hasOwn(schemes, name) ? resolved(document, schemes[name]) : undefined
  switch (scheme?.['type']) {
    case 'apiKey':
      if (scheme['in'] === 'header') return { apiKey: true }
      return scheme['in'] === 'query' ? { apiKey: true, apiKeyInQuery: true } : undefined
    case 'http':
      return httpScheme(textOf(scheme['scheme'])?.toLowerCase())
    case 'oauth2':
    case 'openIdConnect':
      return { jwt: true }
    default:
      return undefined
  }
}

function httpScheme(scheme: string | undefined): Partial<Credentials> | undefined {
  if (scheme === 'basic') return { basic: true }
  return scheme === 'bearer' ? { jwt: true } : undefined
}
