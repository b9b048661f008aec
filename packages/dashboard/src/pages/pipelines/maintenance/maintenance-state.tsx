import { State } from '../../../parts/state.tsx'
import { t } from '../../../texts/texts.ts'

/** Says that callers of a live version get 503. */
export function MaintenanceState() {
  return (
    <State tone="warn" mark="half">
      {t.maintenance.state}
    </State>
  )
}
