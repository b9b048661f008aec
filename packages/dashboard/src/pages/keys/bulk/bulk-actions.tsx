import { Button } from '@mantine/core'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import type { KeyChange } from './change-keys.tsx'

export type BulkAction = KeyChange | 'roll'

interface BulkActionsProps {
  /** Asks first. The page shows that, because it must stay when the list changes. */
  readonly onAction: (action: BulkAction) => void
  readonly onClear: () => void
}

/** What can be done with several keys. */
export function BulkActions({ onAction, onClear }: BulkActionsProps) {
  const { may } = usePlace()
  const { bulk } = t.keys
  return (
    <>
      <Button size="compact-xs" variant="subtle" onClick={onClear}>
        {t.parts.clearSelection}
      </Button>
      {may('keys.roll') && (
        <Button size="compact-xs" onClick={() => onAction('roll')}>
          {bulk.roll.action}
        </Button>
      )}
      {may('keys.write') && (
        <Button size="compact-xs" onClick={() => onAction('switchOff')}>
          {bulk.switchOff.action}
        </Button>
      )}
      {may('keys.delete') && (
        <Button size="compact-xs" data-destructive onClick={() => onAction('remove')}>
          {bulk.remove.action}
        </Button>
      )}
    </>
  )
}
