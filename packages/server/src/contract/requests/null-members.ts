import { z } from 'zod'

/**
 * What `null` means for a field of a change whose default is neither an empty list nor an empty object: the value that
 * the field has in a new resource. Register it on the schema inside of `optional()`.
 */
export const defaults = z.registry<{ readonly value: unknown }>()

/** What becomes of a member that is null: it is left out, or has this value instead. */
export type Replacement = 'absent' | { readonly value: unknown }

/** Where `null` stands for something else in the bodies of a schema. */
export interface NullPlan {
  /** The members of an object. */
  readonly members: ReadonlyMap<string, MemberPlan>
  /** The items of a list, or the values of an object with any names. */
  readonly items: NullPlan | null
}

interface MemberPlan {
  /** Null if the member cannot be null, or if null is a value of its own. */
  readonly replacement: Replacement | null
  readonly inside: NullPlan | null
}

/**
 * The one rule for `null` in bodies: an optional field takes it as "none". Where a body creates something, the field is
 * then left out. In a PATCH, where a field that is left out keeps its value, it gets the value that it has in a new
 * resource. A field without such a value, such as a name, refuses `null`.
 *
 * @param isChange whether a PATCH has the body
 */
export function nullPlan(schema: z.core.$ZodType, isChange: boolean): NullPlan {
  return planOf(schema, isChange, new Map()) ?? { members: new Map(), items: null }
}

/** A body with each null replaced as the plan says; the same body if there is none. */
export function withoutNulls(plan: NullPlan | null, body: unknown): unknown {
  if (plan === null || typeof body !== 'object' || body === null) return body
  if (Array.isArray(body)) {
    const items = body.map((item: unknown) => withoutNulls(plan.items, item))
    return items.some((item, index) => item !== body[index]) ? items : body
  }
  let isSame = true
  const members = Object.entries(body).flatMap(([name, value]: [string, unknown]): [string, unknown][] => {
    const member = plan.members.get(name)
    const inside = member === undefined ? plan.items : member.inside
    const replacement = value === null ? (member?.replacement ?? null) : null
    if (replacement === 'absent') {
      isSame = false
      return []
    }
    const next = replacement === null ? withoutNulls(inside, value) : replacement.value
    isSame &&= next === value
    return [[name, next]]
  })
  return isSame ? body : Object.fromEntries(members)
}

type Definition = z.core.$ZodTypes['_zod']['def']
/** The plans that are being made, since a schema can contain itself. */
type Known = Map<z.core.$ZodType, NullPlan | null>

function definitionOf(schema: z.core.$ZodType): Definition {
  return (schema as z.ZodType).def as Definition
}

function planOf(schema: z.core.$ZodType, isChange: boolean, known: Known): NullPlan | null {
  const before = known.get(schema)
  if (before !== undefined) return before
  known.set(schema, null)
  const plan = newPlan(definitionOf(schema), isChange, known)
  known.set(schema, plan)
  return plan
}

function newPlan(definition: Definition, isChange: boolean, known: Known): NullPlan | null {
  switch (definition.type) {
    case 'object': {
      const members = Object.entries(definition.shape).map(([name, member]) => {
        const replacement =
          isOptional(member) && !acceptsNull(member) ? replacementOf(member, isChange) : null
        return [name, { replacement, inside: planOf(member, false, known) }] as const
      })
      return { members: new Map(members), items: null }
    }
    case 'array':
      return within(planOf(definition.element, false, known))
    case 'record':
      return within(planOf(definition.valueType, false, known))
    case 'union':
      return definition.options.reduce<NullPlan | null>(
        (merged, option) => mergedPlan(merged, planOf(option, isChange, known)),
        null,
      )
    default: {
      const inner = innerOf(definition)
      return inner === null ? null : planOf(inner, isChange, known)
    }
  }
}

function within(items: NullPlan | null): NullPlan | null {
  return items === null ? null : { members: new Map(), items }
}

/** The schema that another one wraps without changing the JSON that it accepts, besides null and nothing. */
function innerOf(definition: Definition): z.core.$ZodType | null {
  switch (definition.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
      return definition.innerType
    case 'pipe':
      return definition.in
    default:
      return null
  }
}

/** Also a field that has a default. */
function isOptional(schema: z.core.$ZodType): boolean {
  return (schema as z.ZodType).isOptional()
}

function acceptsNull(schema: z.core.$ZodType): boolean {
  const definition = definitionOf(schema)
  if (definition.type === 'union') return definition.options.some(acceptsNull)
  if (['nullable', 'null', 'unknown', 'any'].includes(definition.type)) return true
  const inner = innerOf(definition)
  return inner !== null && acceptsNull(inner)
}

function replacementOf(schema: z.core.$ZodType, isChange: boolean): Replacement | null {
  if (!isChange) return 'absent'
  const value = defaultOf(schema)
  // Some lists must not be empty.
  return value !== undefined && z.core.safeParse(schema, value).success ? { value } : null
}

/** The value of a field in a new resource; undefined if each resource has its own. */
function defaultOf(schema: z.core.$ZodType): unknown {
  const registered = defaults.get(schema as z.ZodType)
  if (registered !== undefined) return registered.value
  const definition = definitionOf(schema)
  if (definition.type === 'array') return []
  if (definition.type === 'record') return {}
  const inner = innerOf(definition)
  return inner === null ? undefined : defaultOf(inner)
}

/** For a value that can have one of two forms. A null that one of them takes is a value of its own. */
function mergedPlan(first: NullPlan | null, second: NullPlan | null): NullPlan | null {
  if (first === null || second === null) return first ?? second
  const names = new Set([...first.members.keys(), ...second.members.keys()])
  const members = [...names].map((name) => {
    const [one, other] = [first.members.get(name), second.members.get(name)]
    if (one === undefined || other === undefined) return [name, one ?? other] as [string, MemberPlan]
    const replacement = one.replacement === null ? null : other.replacement
    return [name, { replacement, inside: mergedPlan(one.inside, other.inside) }] as [string, MemberPlan]
  })
  return { members: new Map(members), items: mergedPlan(first.items, second.items) }
}
