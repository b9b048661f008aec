/** A value that depends on the caller; a caller without an own one gets `otherwise`, and with null no header. */
export interface HeaderChoice {
  readonly by: 'consumer' | 'key'
  /** Templates, by the name of a consumer or the id of a key. */
  readonly values: Readonly<Record<string, string>>
  readonly otherwise: string | null
}

/**
 * What an upstream gets under the name of a header: a template instead of the caller's lines, none of them (null), the
 * caller's lines and more, the caller's lines of another header, or the template of the caller. All rules see the headers
 * as the caller sent them, so their order has no meaning.
 */
export type HeaderRule =
  | string
  | null
  | { readonly append: readonly string[] }
  | { readonly from: string }
  | HeaderChoice

/** A template in a rule, with the segments of its JSON Pointer within the rule. */
export interface RuleTemplate {
  readonly text: string
  readonly at: readonly (string | number)[]
}

/** All templates of a rule, in order. */
export function ruleTemplates(rule: HeaderRule): RuleTemplate[] {
  if (rule === null) return []
  if (typeof rule === 'string') return [{ text: rule, at: [] }]
  if ('from' in rule) return []
  if ('append' in rule) return rule.append.map((text, index) => ({ text, at: ['append', index] }))
  return [
    ...Object.entries(rule.values).map(([name, text]) => ({ text, at: ['values', name] })),
    ...(rule.otherwise === null ? [] : [{ text: rule.otherwise, at: ['otherwise'] }]),
  ]
}
