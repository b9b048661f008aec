import { Checkbox } from '@mantine/core'
import {
  type ColumnDef,
  rowSelectionFeature,
  type RowSelectionState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { count } from '../../format/numbers.ts'
import { t } from '../../texts/texts.ts'
import classes from './data-table.module.css'
import { Icon } from '../icon.tsx'
import { useRowKeys } from './row-keys.ts'

/** How a column is drawn. */
interface ColumnLook {
  /** Such as `8rem`; what is left over unless given. */
  readonly width?: string
  /** When it leaves as the list gets narrow: 5 first, 1 last, never unless given. */
  readonly leaves?: 1 | 2 | 3 | 4 | 5
  readonly isNumber?: boolean
  /** The name of the order by it, where the server has one. */
  readonly order?: string
}

const COLUMN_LOOK: ColumnLook = {}
const features = tableFeatures({ rowSelectionFeature, columnMeta: COLUMN_LOOK })

/** A column of a list. Its `header` is a word. */
export type Column<Row extends object> = ColumnDef<typeof features, Row>

export interface Order {
  readonly by: string
  readonly isDescending: boolean
}

export interface DataTableProps<Row extends object> {
  /** What the table shows, for those who hear it. */
  readonly caption: string
  readonly columns: Column<Row>[]
  readonly rows: Row[]
  readonly idOf: (row: Row) => string
  readonly nameOf: (row: Row) => string
  /** The id of the row whose details are open. */
  readonly openId?: string | undefined
  readonly onOpen?: ((row: Row) => void) | undefined
  readonly order?: Order | undefined
  readonly onOrder?: ((order: Order) => void) | undefined
  /** What can be done with selected rows. Without it, rows cannot be selected. */
  readonly actions?: ((selected: readonly Row[], clear: () => void) => ReactNode) | undefined
  /** Called when the end of what is loaded comes near. */
  readonly onEnd?: (() => void) | undefined
  /** How many there are, and what can be done with all of them. */
  readonly foot?: ReactNode
  /** Whether rows have a second line. */
  readonly isTall?: boolean
}

const ROW_PX = 32
const NARROW_ROW_PX = 48
const TALL_ROW_PX = 44
/** Rows above and below the window that are drawn too. */
const OVERSCAN = 20
/** How close to the last row more are loaded. */
const NEAR_END = 30

/** A list: a real table whose rows are drawn only where the window is. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const {
    columns,
    rows,
    idOf,
    nameOf,
    openId,
    onOpen,
    order,
    onOrder,
    actions,
    onEnd,
    foot,
    caption,
    isTall,
  } = props
  const wideRowPx = isTall === true ? TALL_ROW_PX : ROW_PX
  const [selection, setSelection] = useState<RowSelectionState>({})
  const table = useTable({
    features,
    columns,
    data: rows,
    getRowId: idOf,
    state: { rowSelection: selection },
    onRowSelectionChange: setSelection,
  })
  const clear = (): void => setSelection({})
  const body = useRef<HTMLTableSectionElement>(null)
  const [top, setTop] = useState(0)
  const [rowPx, setRowPx] = useState(ROW_PX)
  useLayoutEffect(() => {
    const element = body.current
    if (element === null) return undefined
    const measure = (): void => {
      setTop(element.getBoundingClientRect().top + window.scrollY)
      setRowPx(element.offsetWidth <= 480 ? NARROW_ROW_PX : wideRowPx)
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [wideRowPx])
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowPx,
    overscan: OVERSCAN,
    scrollMargin: top,
  })
  useEffect(() => virtual.measure(), [rowPx, virtual])
  const shown = virtual.getVirtualItems()
  const first = shown[0]
  const last = shown.at(-1)
  const isNearEnd = (last?.index ?? 0) >= rows.length - NEAR_END
  useEffect(() => {
    if (isNearEnd) onEnd?.()
  }, [isNearEnd, onEnd, rows.length])
  const models = table.getRowModel().rows
  useRowKeys({
    rows,
    idOf,
    openId,
    onOpen,
    toggle: actions === undefined ? undefined : (id) => table.getRow(id).toggleSelected(),
    scrollTo: (index) => virtual.scrollToIndex(index),
  })
  const selected = models.filter((row) => row.getIsSelected()).map((row) => row.original)
  return (
    <div className={classes.frame}>
      <table className={classes.table} data-tall={isTall} aria-rowcount={rows.length + 1}>
        <caption className={classes.caption}>{caption}</caption>
        <colgroup>
          {actions !== undefined && <col className={classes.boxColumn} />}
          {table.getAllLeafColumns().map(({ id, columnDef: { meta } }) => (
            <col key={id} data-leaves={meta?.leaves} style={{ width: widthOf(meta) }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {actions !== undefined && (
              <th className={classes.box}>
                <Checkbox
                  size="xs"
                  aria-label={t.parts.selectAll}
                  checked={rows.length > 0 && table.getIsAllRowsSelected()}
                  indeterminate={table.getIsSomeRowsSelected() && !table.getIsAllRowsSelected()}
                  onChange={table.getToggleAllRowsSelectedHandler()}
                />
              </th>
            )}
            {table.getAllLeafColumns().map(({ id, columnDef: { meta, header } }) => (
              <Head key={id} look={meta} word={String(header)} order={order} onOrder={onOrder} />
            ))}
          </tr>
        </thead>
        <tbody ref={body}>
          {first !== undefined && first.start > top && <Spacer height={first.start - top} />}
          {shown.map(({ index, key }) => {
            const row = models[index]
            if (row === undefined) return null
            const isOpen = row.id === openId
            return (
              <tr
                key={key}
                aria-rowindex={index + 2}
                aria-current={isOpen || undefined}
                data-selected={row.getIsSelected() || undefined}
                onClick={(event) => {
                  if (
                    event.target instanceof Element &&
                    event.target.closest('a, button, input, label') !== null
                  )
                    return
                  onOpen?.(row.original)
                }}
              >
                {actions !== undefined && (
                  <td className={classes.box}>
                    <Checkbox
                      size="xs"
                      aria-label={t.parts.select(nameOf(row.original))}
                      checked={row.getIsSelected()}
                      onChange={row.getToggleSelectedHandler()}
                    />
                  </td>
                )}
                {row.getAllCells().map((cell) => (
                  <td
                    key={cell.id}
                    data-leaves={cell.column.columnDef.meta?.leaves}
                    data-number={cell.column.columnDef.meta?.isNumber || undefined}
                  >
                    <table.FlexRender cell={cell} />
                  </td>
                ))}
              </tr>
            )
          })}
          {last !== undefined && last.end < top + virtual.getTotalSize() && (
            <Spacer height={top + virtual.getTotalSize() - last.end} />
          )}
        </tbody>
      </table>
      {actions !== undefined && selected.length > 0 && (
        <div className={classes.foot} data-bulk role="region" aria-label={t.parts.actionsForSelected}>
          <strong>{t.parts.selected(count(selected.length))}</strong>
          {actions(selected, clear)}
        </div>
      )}
      {foot !== undefined && <div className={classes.foot}>{foot}</div>}
    </div>
  )
}

/** The width of a column; in a narrow list no more than leaves room for the name. */
function widthOf(look: ColumnLook | undefined): string {
  return look?.width === undefined ? 'auto' : `min(${look.width}, var(--column-max))`
}

/** Without `colSpan`, which would keep columns that have left. */
function Spacer({ height }: { readonly height: number }) {
  return (
    <tr className={classes.spacer} aria-hidden="true">
      <td style={{ height }} />
    </tr>
  )
}

interface HeadProps {
  readonly look: ColumnLook | undefined
  readonly word: string
  readonly order: Order | undefined
  readonly onOrder: ((order: Order) => void) | undefined
}

function Head({ look, word, order, onOrder }: HeadProps) {
  const by = look?.order
  const isOrdered = by !== undefined && order?.by === by
  const sort = isOrdered ? (order.isDescending ? 'descending' : 'ascending') : undefined
  return (
    <th
      scope="col"
      data-leaves={look?.leaves}
      data-number={look?.isNumber === true || undefined}
      aria-sort={sort}
    >
      {by === undefined || onOrder === undefined ? (
        word
      ) : (
        <button
          type="button"
          className={classes.order}
          onClick={() => onOrder({ by, isDescending: isOrdered ? !order.isDescending : true })}
        >
          {word}
          {isOrdered && <Icon small name={order.isDescending ? 'down' : 'up'} />}
        </button>
      )}
    </th>
  )
}
