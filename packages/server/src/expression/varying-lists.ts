import { parsedExpression } from './check-expression.ts'

/** A node of JSONata's syntax tree, as far as it is read here. */
interface Node {
  readonly type: string
  readonly value?: unknown
  readonly steps?: readonly Node[]
  readonly stages?: readonly Node[]
  readonly predicate?: readonly Node[]
  readonly expr?: Node
  readonly expressions?: readonly Node[]
  readonly arguments?: readonly Node[]
  readonly procedure?: Node
  readonly body?: Node
  readonly then?: Node
  readonly else?: Node
  readonly lhs?: Node | readonly (readonly [Node, Node])[]
  readonly rhs?: Node
  readonly group?: { readonly lhs: readonly (readonly [Node, Node])[] }
  readonly focus?: unknown
  readonly index?: unknown
  readonly keepSingletonArray?: boolean
  readonly keepArray?: boolean
}

/** Functions that return no list for one item, and nothing for none. */
const LISTING_FUNCTIONS = new Set(['distinct', 'each', 'filter', 'keys', 'map', 'match', 'spread'])
/** Fields of the message that are never lists, nor have lists of objects. */
const OBJECT_FIELDS = new Set(['auth', 'headers', 'params', 'query'])
/** What is found in one expression; a reader corrects one place after the other. */
const FOUND_MAX = 10

/**
 * The parts of an expression's result that are a list, the only item of it, or missing, as many items as there happen to be.
 *
 * JSONata makes an item of a list of one, and nothing of an empty list, unless the list is within `[ ]` or followed by `[]`.
 * A path of names alone says nothing about lists, so it is never found.
 *
 * @param text a valid expression
 * @returns the names of members that lead to each part, without any for the whole result; at most ten parts
 */
export function varyingLists(text: string): readonly (readonly string[])[] {
  const search = new Search()
  search.visit(parsedExpression(text) as Node, [], true)
  return search.found.slice(0, FOUND_MAX)
}

class Search {
  readonly found: (readonly string[])[] = []
  /** Variables, and whether their value varies. */
  readonly #variables = new Map<unknown, boolean>()

  /** @param isValue whether the node's value is a value of the result, and not an item of a list or an argument */
  visit(node: Node, members: readonly string[], isValue: boolean): void {
    if (this.found.length >= FOUND_MAX) return
    switch (node.type) {
      case 'block':
        this.#visitBlock(node, members, isValue)
        return
      case 'condition':
        for (const branch of [node.then, node.else])
          if (branch !== undefined) this.visit(branch, members, isValue)
        return
      case 'unary':
        this.#visitConstructor(node, members)
        return
      case 'bind':
        if (node.rhs !== undefined) this.visit(node.rhs, members, isValue)
        return
      default:
        if (isValue && this.#varies(node)) this.found.push(members)
        this.#visitParts(node, members)
    }
  }

  #visitBlock(node: Node, members: readonly string[], isValue: boolean): void {
    const expressions = node.expressions ?? []
    for (const { type, lhs, rhs } of expressions) {
      if (type === 'bind' && rhs !== undefined) this.#variables.set((lhs as Node).value, this.#varies(rhs))
    }
    const last = expressions.at(-1)
    if (last !== undefined) this.visit(last, members, isValue && !isFirstOnly(node.predicate))
  }

  #visitConstructor({ value, lhs, expressions = [] }: Node, members: readonly string[]): void {
    if (value === '{') this.#visitMembers(lhs as readonly (readonly [Node, Node])[], members)
    if (value === '[') for (const item of expressions) this.visit(item, members, false)
  }

  #visitMembers(pairs: readonly (readonly [Node, Node])[], members: readonly string[]): void {
    for (const [name, member] of pairs) {
      this.visit(member, [...members, name.type === 'string' ? String(name.value) : '…'], true)
    }
  }

  /** Objects within a path or an argument are parts of the result too. */
  #visitParts(node: Node, members: readonly string[]): void {
    for (const step of node.steps ?? []) if (step.type !== 'name') this.visit(step, members, false)
    if (node.group !== undefined) this.#visitMembers(node.group.lhs, members)
    if (node.type === 'apply') {
      this.visit(node.lhs as Node, members, false)
      if (node.rhs !== undefined) this.visit(node.rhs, members, false)
    }
    if (node.type !== 'function' || node.procedure?.value === 'filter') return
    for (const argument of node.arguments ?? []) this.visit(argument.body ?? argument, members, false)
  }

  /** Whether a value is a list, an item or nothing. */
  #varies(node: Node): boolean {
    const { type, keepArray, predicate, rhs, then, expressions } = node
    switch (type) {
      case 'path':
        return node.keepSingletonArray !== true && this.#pathVaries(node.steps ?? [])
      case 'function':
        if (keepArray === true || isFirstOnly(predicate)) return false
        return predicate !== undefined || LISTING_FUNCTIONS.has(String(node.procedure?.value))
      case 'variable':
        if (keepArray === true || isFirstOnly(predicate)) return false
        return predicate !== undefined || this.#variables.get(node.value) === true
      case 'apply':
      case 'bind':
        return rhs !== undefined && this.#varies(rhs)
      case 'condition':
        return [then, node.else].some((branch) => branch !== undefined && this.#varies(branch))
      case 'block': {
        const last = expressions?.at(-1)
        return !isFirstOnly(predicate) && last !== undefined && this.#varies(last)
      }
      case 'wildcard':
      case 'descendant':
        return keepArray !== true
      default:
        return false
    }
  }

  #pathVaries(steps: readonly Node[]): boolean {
    // `$` and `$$` before the first name are the message itself.
    const [root] = steps
    const isMessage = root?.type === 'variable' && (root.value === '' || root.value === '$')
    const own =
      isMessage && root.stages === undefined && root.predicate === undefined ? steps.slice(1) : steps
    const isObject = own[0]?.type === 'name' && OBJECT_FIELDS.has(String(own[0].value))
    return own.some((step, index) => {
      const filters = step.stages ?? step.predicate
      if (isFirstOnly(filters)) return false
      if (filters?.some(({ type }) => type === 'filter') === true) return true
      if (['wildcard', 'descendant', 'sort'].includes(step.type)) return true
      if (step.focus !== undefined || step.index !== undefined) return true
      if (step.type === 'unary' && step.value === '[') return index === 0 && own.length > 1
      // An object for each item of what is probably a list.
      if (step.type === 'unary' && step.value === '{') return index > 1 && !isObject
      return index === 0 && ['function', 'variable', 'block'].includes(step.type) && this.#varies(step)
    })
  }
}

/** Whether the last filter takes one item, by its number. */
function isFirstOnly(filters: readonly Node[] | undefined): boolean {
  return filters?.at(-1)?.expr?.type === 'number'
}
