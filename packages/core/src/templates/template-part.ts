/**
 * A piece of a URL or header template: fixed text or a placeholder. `parameter` is a path parameter, `rest` is what the
 * `*` of a route matched, `path` is the parameter of that name or else the whole path, `secret` is a secret of the
 * environment, and `variable` one of its variables. `run` is a value of the run that sends the request.
 */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'rest' }
  | { readonly kind: 'path' }
  | { readonly kind: 'secret'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'run'; readonly name: RunValueName }

/**
 * The values of a run that a placeholder can name: the access token of the last `oauth.token` step, and what is known about
 * the caller, with the names of a message's `auth`.
 */
export type RunValueName = 'oauth.token' | `auth.${string}`

/** How the name of a claim begins among these. */
export const CLAIM_VALUE_PREFIX = 'auth.claims.'

/** The values of placeholders by name: undefined for an unknown name. A `Map` satisfies this interface. */
export interface PathValues {
  get(name: string): string | undefined
}

/** The names of the path parameters in a template, without repetitions, in order; `*` for `{*}`. */
export function parameterNames(parts: readonly TemplatePart[]): string[] {
  return [...new Set(parts.flatMap((part) => valueName(part) ?? []))]
}

/** The name of the value that the path has for a placeholder; undefined for other parts. */
export function valueName(part: TemplatePart): string | undefined {
  switch (part.kind) {
    case 'parameter':
      return part.name
    case 'rest':
      return '*'
    case 'path':
      return WHOLE_PATH
    case 'text':
    case 'secret':
    case 'variable':
    case 'run':
      return undefined
  }
}

/** The placeholder for the whole path, where no parameter has this name. */
export const WHOLE_PATH = 'path'

/** The names of the secrets in a template, without repetitions, in order. */
export function secretNames(parts: readonly TemplatePart[]): string[] {
  return [...new Set(parts.flatMap((part) => (part.kind === 'secret' ? [part.name] : [])))]
}

/** The names of the values of a run in a template, without repetitions, in order. */
export function runValueNames(parts: readonly TemplatePart[]): RunValueName[] {
  return [...new Set(parts.flatMap((part) => (part.kind === 'run' ? [part.name] : [])))]
}

/** The names of the variables in a template, without repetitions, in order. */
export function variableNames(parts: readonly TemplatePart[]): string[] {
  return [...new Set(parts.flatMap((part) => (part.kind === 'variable' ? [part.name] : [])))]
}
