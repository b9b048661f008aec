/** A field of an API object, as the official client describes it. */
interface Field {
  readonly baseName: string
  readonly type: string
}

/** The official client, `@kubernetes/client-node`: classes by the names of their types. */
export type KubernetesTypes = Readonly<
  Record<string, { readonly getAttributeTypeMap?: () => readonly Field[] } | undefined>
>

/** The schemas of `kubernetes-models`. */
export interface KubernetesModel {
  new (object: unknown): { validate(): void }
}

/**
 * The fields of an object that its type does not have. An API server ignores such a field, so that a mistyped name silently gives the
 * default.
 *
 * @param type the name of a class of the client, such as `V1Deployment`
 */
export function unknownFields(
  types: KubernetesTypes,
  type: string,
  value: unknown,
  path = '',
): readonly string[] {
  const item = /^Array<(.*)>$/.exec(type)?.[1]
  if (item !== undefined)
    return (value as readonly unknown[]).flatMap((one, index) =>
      unknownFields(types, item, one, `${path}[${index}]`),
    )
  const fields = types[type]?.getAttributeTypeMap?.()
  if (fields === undefined || typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => {
    const field = fields.find(({ baseName }) => baseName === name)
    const memberPath = `${path}.${name}`
    return field === undefined ? [memberPath] : unknownFields(types, field.type, member, memberPath)
  })
}
