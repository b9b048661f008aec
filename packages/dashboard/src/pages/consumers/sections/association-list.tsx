import { Button, Select } from '@mantine/core'
import { Failure } from '../../../parts/states/failure.tsx'
import { PanelSection } from '../../../parts/layers/side-panel.tsx'
import { Item, ItemList } from '../../../parts/table/item-list.tsx'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'

/** An item of the list. */
export interface Associated {
  readonly name: string
  /** What is said beside the name. */
  readonly about?: string | undefined
  /** Whether it can be taken away by itself. */
  readonly isOwn: boolean
}

interface AssociationListProps {
  readonly title: string
  /** What the list means. */
  readonly meaning: string
  readonly items: readonly Associated[]
  /** What is said below the list, if something is. */
  readonly rest?: string | undefined
  readonly mayChange: boolean
  readonly add: string
  /** The names that can be added. */
  readonly choices: readonly string[]
  /** The change that is under way, or has failed. */
  readonly change: {
    readonly isPending: boolean
    readonly variables: { readonly to: string } | undefined
    readonly error: Error | null
  }
  readonly onChange: (to: string, isAllowed: boolean) => void
  readonly retry: () => void
}

/** What a consumer is associated with, each with a button that ends it, and a field that adds another. */
export function AssociationList(props: AssociationListProps) {
  const { title, meaning, items, rest, mayChange, add, choices, change, onChange, retry } = props
  const { panel } = t.consumers
  return (
    <PanelSection label={title}>
      <div>
        <h3>{title}</h3>
        <p className={text.meta}>{meaning}</p>
      </div>
      {items.length > 0 && (
        <ItemList label={title}>
          {items.map(({ name, about, isOwn }) => (
            <Item
              key={name}
              end={
                mayChange &&
                isOwn && (
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    aria-label={panel.removeOf(name)}
                    loading={change.isPending && change.variables?.to === name}
                    onClick={() => onChange(name, false)}
                  >
                    {panel.remove}
                  </Button>
                )
              }
            >
              {name} <span className={text.meta}>{about}</span>
            </Item>
          ))}
        </ItemList>
      )}
      {rest !== undefined && <p className={text.meta}>{rest}</p>}
      {mayChange && choices.length > 0 && (
        <Select
          size="xs"
          aria-label={add}
          placeholder={add}
          searchable
          data={[...choices]}
          value={null}
          onChange={(name) => {
            if (name !== null) onChange(name, true)
          }}
        />
      )}
      {change.error !== null && <Failure error={change.error} retry={retry} />}
    </PanelSection>
  )
}
