import type { JsonSchema } from '@sallyport/sdk/spec-schema'
import { isPart } from './field-kind.ts'

/** Fields that stand together below one title. */
export interface Arranged {
  readonly title: 'slashes' | 'callers' | 'timeouts' | 'upstream'
  readonly names: readonly string[]
}

/** How the fields of an object are shown. Each of its fields is there once. */
export interface Arrangement {
  /** Always visible. */
  readonly open: readonly string[]
  readonly groups: readonly Arranged[]
  /** Those with fields of their own, each below its own title. */
  readonly own: readonly string[]
}

const GROUPS: readonly Arranged[] = [
  { title: 'slashes', names: ['trailingSlash', 'encodedSlashes'] },
  { title: 'callers', names: ['addressRules', 'apiKeyInQuery', 'sendLabels'] },
  { title: 'timeouts', names: ['timeoutMs', 'connectTimeoutMs', 'firstByteTimeoutMs'] },
  { title: 'upstream', names: ['preserveHost', 'forwardedPrefix'] },
]

/** Arranges the fields of an object, without those that another form has. A field that the schema gets is shown by itself. */
export function arranged({ properties = {} }: JsonSchema, elsewhere: readonly string[] = []): Arrangement {
  const names = Object.keys(properties).filter((name) => !elsewhere.includes(name))
  const groups = GROUPS.map(({ title, names: wanted }) => ({
    title,
    names: wanted.filter((name) => names.includes(name)),
  })).filter((group) => group.names.length > 0)
  const rest = names.filter((name) => !groups.some((group) => group.names.includes(name)))
  const isOwn = (name: string): boolean => isPart(properties[name] ?? {})
  return { open: rest.filter((name) => !isOwn(name)), groups, own: rest.filter(isOwn) }
}
