/** A JSON document that can hold what no JavaScript value can: a name twice, `1e400`, a lone surrogate, broken text. */
export type DocumentNode =
  | { readonly kind: 'object'; readonly members: [name: string, value: DocumentNode][] }
  | { readonly kind: 'list'; readonly items: DocumentNode[] }
  /** A scalar, as it is written. */
  | { readonly kind: 'scalar'; readonly text: string }

/** A place in a document, with what can be done to it. */
export interface Place {
  readonly node: DocumentNode
  readonly replace: (node: DocumentNode) => void
  readonly remove: () => void
  /** Writes the member or item again, after itself, with another value. */
  readonly repeat: (node: DocumentNode) => void
  /** Gives the member another name; does nothing to an item of a list. */
  readonly rename: (name: string) => void
}

export function nodeOf(value: unknown): DocumentNode {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(nodeOf) }
  if (typeof value !== 'object' || value === null) return { kind: 'scalar', text: JSON.stringify(value) }
  return { kind: 'object', members: Object.entries(value).map(([name, member]) => [name, nodeOf(member)]) }
}

export function scalar(text: string): DocumentNode {
  return { kind: 'scalar', text }
}

/** Every place in a document, from the outside to the inside. */
export function placesIn(root: { node: DocumentNode }): Place[] {
  const places: Place[] = [
    {
      node: root.node,
      replace: (node) => void (root.node = node),
      remove: () => void (root.node = scalar('')),
      repeat: () => undefined,
      rename: () => undefined,
    },
  ]
  for (let index = 0; index < places.length; index += 1) {
    const { node } = places[index] as Place
    if (node.kind === 'object') {
      for (const member of node.members) {
        const at = (): number => node.members.indexOf(member)
        places.push({
          node: member[1],
          replace: (value) => void (member[1] = value),
          remove: () => void node.members.splice(at(), 1),
          repeat: (value) => void node.members.splice(at() + 1, 0, [member[0], value]),
          rename: (name) => void (member[0] = name),
        })
      }
    } else if (node.kind === 'list') {
      for (const item of node.items) {
        const at = (): number => node.items.indexOf(item)
        places.push({
          node: item,
          replace: (value) => void (node.items[at()] = value),
          remove: () => void node.items.splice(at(), 1),
          repeat: (value) => void node.items.splice(at() + 1, 0, value),
          rename: () => undefined,
        })
      }
    }
  }
  return places
}

export function jsonText(node: DocumentNode): string {
  switch (node.kind) {
    case 'scalar':
      return node.text
    case 'list':
      return `[${node.items.map(jsonText).join(', ')}]`
    case 'object':
      return `{${node.members.map(([name, value]) => `${JSON.stringify(name)}: ${jsonText(value)}`).join(', ')}}`
  }
}

/** YAML in block style, with scalars as JSON writes them. */
export function yamlText(node: DocumentNode, indentation = ''): string {
  const inner = `${indentation}  `
  const nested = (value: DocumentNode): string => {
    const isBlock =
      (value.kind === 'object' && value.members.length > 0) ||
      (value.kind === 'list' && value.items.length > 0)
    return isBlock ? `\n${yamlText(value, inner)}` : ` ${jsonText(value)}\n`
  }
  switch (node.kind) {
    case 'scalar':
      return `${node.text}\n`
    case 'list':
      return node.items.length === 0
        ? '[]\n'
        : node.items.map((item) => `${indentation}-${nested(item)}`).join('')
    case 'object': {
      if (node.members.length === 0) return '{}\n'
      const line = ([name, value]: [string, DocumentNode]): string =>
        `${indentation}${/^[A-Za-z][\w.-]*$/.test(name) ? name : JSON.stringify(name)}:${nested(value)}`
      return node.members.map(line).join('')
    }
  }
}
