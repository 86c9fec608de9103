package dev.plinth.providers.limit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Who is next: one caller at a time has the turn, the others wait for it. Tenants take turns round robin, callers of one
 * tenant in the order they came.
 *
 * <p>Thread-safe.
 */
final class Turns {

    /** One caller's place. */
    static final class Turn {
        private final String tenant;
        private final Amounts need;
        private final boolean patient;
        private final CountDownLatch open = new CountDownLatch(1);
        private volatile boolean refused;

        private Turn(String tenant, Amounts need, boolean patient) {
            this.tenant = tenant;
            this.need = need;
            this.patient = patient;
        }

        /** Opens when the caller has the turn, or will not get it. */
        CountDownLatch latch() {
            return open;
        }

        boolean isUp() {
            return open.getCount() == 0 && !refused;
        }

        boolean isPatient() {
            return patient;
        }

        boolean isRefused() {
            return refused;
        }
    }

    private final Map<String, Deque<Turn>> waiting = new LinkedHashMap<>(); // the tenant that is next comes first
    private @Nullable Turn current;

    /** A place at the end; the turn at once when nobody else wants it. */
    synchronized Turn join(String tenant, Amounts need, boolean patient) {
        Turn turn = new Turn(tenant, need, patient);
        if (current == null) {
            begin(turn);
        } else {
            waiting.computeIfAbsent(tenant, name -> new ArrayDeque<>()).add(turn);
        }
        return turn;
    }

    /** Gives the place up: the next caller is up if this one was. */
    synchronized void leave(Turn turn) {
        if (turn == current) {
            current = null;
            next();
            return;
        }
        Deque<Turn> own = waiting.get(turn.tenant);
        if (own != null && own.remove(turn) && own.isEmpty()) {
            waiting.remove(turn.tenant);
        }
    }

    /** Who has the turn has to wait: those who would rather go elsewhere are told so. */
    synchronized void refuseImpatient() {
        for (Deque<Turn> turns : waiting.values()) {
            turns.removeIf(turn -> {
                if (!turn.patient) {
                    turn.refused = true;
                    turn.open.countDown();
                }
                return !turn.patient;
            });
        }
        waiting.values().removeIf(Deque::isEmpty);
    }

    private void next() {
        Iterator<Map.Entry<String, Deque<Turn>>> tenants = waiting.entrySet().iterator();
        if (tenants.hasNext()) {
            Map.Entry<String, Deque<Turn>> first = tenants.next();
            tenants.remove();
            Deque<Turn> turns = first.getValue();
            begin(turns.remove());
            if (!turns.isEmpty()) {
                waiting.put(first.getKey(), turns); // to the end
            }
        }
    }

    private void begin(Turn turn) {
        current = turn;
        turn.open.countDown();
    }

    /** What those need who are before this one, without the one whose turn it is; this one's own need is counted too. */
    synchronized Amounts until(Turn turn) {
        int before = place(turn);
        Amounts sum = Amounts.NONE;
        boolean later = false;
        for (Map.Entry<String, Deque<Turn>> tenant : waiting.entrySet()) {
            boolean own = tenant.getKey().equals(turn.tenant);
            int rounds = own || !later ? before + 1 : before;
            later |= own;
            for (Turn each : tenant.getValue()) {
                if (rounds-- <= 0) {
                    break;
                }
                sum = sum.plus(each.need);
            }
        }
        return sum;
    }

    private int place(Turn turn) {
        int place = 0;
        for (Turn each : waiting.getOrDefault(turn.tenant, new ArrayDeque<>())) {
            if (each == turn) {
                return place;
            }
            place++;
        }
        return -1;
    }
}
