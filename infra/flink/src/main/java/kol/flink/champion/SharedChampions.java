package kol.flink.champion;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * One champion for all subtasks of a task manager that want the same, with one thread that looks
 * for newer ones. With the last user both go, so that nothing holds on to the job's class loader.
 */
public final class SharedChampions {
  private record Key(ChampionSettings settings, ChampionNeeds needs) {}

  private static final Map<Key, SharedChampions> SHARED = new HashMap<>();

  private final Key key;
  private final ChampionHolder holder;
  private final Thread refresher;
  private int users;

  private SharedChampions(Key key) throws IOException {
    this.key = key;
    ChampionSettings settings = key.settings();
    holder =
        new ChampionHolder(ChampionSource.of(settings.address(), settings.mlflow()), key.needs());
    refresher = new Thread(() -> refreshUntilInterrupted(settings.refreshMillis()));
    refresher.setName("champion-refresh");
    refresher.setDaemon(true);
    refresher.start();
  }

  /** Joins the users of a champion; the first one fetches it. */
  public static SharedChampions acquire(ChampionSettings settings, ChampionNeeds needs)
      throws IOException {
    Key key = new Key(settings, needs);
    synchronized (SHARED) {
      SharedChampions shared = SHARED.get(key);
      if (shared == null) {
        shared = new SharedChampions(key);
        SHARED.put(key, shared);
      }
      shared.users++;
      return shared;
    }
  }

  /** What they share. */
  public ChampionHolder holder() {
    return holder;
  }

  /** Leaves; to be called once. */
  public void release() {
    synchronized (SHARED) {
      if (--users > 0) return;
      SHARED.remove(key);
    }
    refresher.interrupt();
    boolean isInterrupted = false;
    for (; ; ) {
      try {
        refresher.join();
        break;
      } catch (InterruptedException e) {
        // A task that is being cancelled: the thread must end all the same, before the session.
        isInterrupted = true;
      }
    }
    holder.close();
    if (isInterrupted) Thread.currentThread().interrupt();
  }

  private void refreshUntilInterrupted(long pause) {
    try {
      for (; ; ) {
        Thread.sleep(pause);
        holder.refresh();
      }
    } catch (InterruptedException e) {
      // The last user is gone.
    }
  }
}
