#include "parallel.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

namespace finetune {
namespace {

struct Job {
  Job(int64_t count, const std::function<void(int64_t)> &work) : count(count), work(work) {}

  const int64_t count;
  const std::function<void(int64_t)> &work;
  std::atomic<int64_t> next{0}, done{0};
  std::mutex mutex;
  std::condition_variable finished;

  bool Exhausted() const { return next.load() >= count; }

  void Help() {
    int64_t mine = 0;
    for (int64_t at; (at = next.fetch_add(1)) < count; mine++) work(at);
    if (mine > 0 && done.fetch_add(mine) + mine == count) {
      std::lock_guard<std::mutex> lock(mutex);
      finished.notify_all();
    }
  }

  void Wait() {
    std::unique_lock<std::mutex> lock(mutex);
    finished.wait(lock, [this] { return done.load() == count; });
  }
};

class Workers {
 public:
  explicit Workers(int count) {
    for (int i = 0; i < count; i++) std::thread([this] { Work(); }).detach();
  }

  void Run(const std::shared_ptr<Job> &job) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      jobs_.push_back(job);
    }
    wake_.notify_all();
    job->Help();
    job->Wait();
  }

 private:
  void Work() {
    for (;;) {
      std::unique_lock<std::mutex> lock(mutex_);
      while (!jobs_.empty() && jobs_.front()->Exhausted()) jobs_.pop_front();
      if (jobs_.empty()) {
        wake_.wait(lock);
        continue;
      }
      const std::shared_ptr<Job> job = jobs_.front();
      lock.unlock();
      job->Help();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Job>> jobs_;
};

}  // namespace

void ParallelFor(int64_t count, const std::function<void(int64_t)> &work) {
  // one thread less, as the caller works too; they live as long as the process
  static Workers *workers = new Workers(std::max(1u, std::thread::hardware_concurrency()) - 1);
  if (count <= 1) {
    for (int64_t at = 0; at < count; at++) work(at);
    return;
  }
  workers->Run(std::make_shared<Job>(count, work));
}

Pieces::Pieces(int64_t rows, int64_t valuesPerRow) : rows(rows) {
  constexpr int64_t LEAST_VALUES = 16 * 1024, MOST_PIECES = 64;
  const int64_t worth = rows * valuesPerRow / LEAST_VALUES;
  count = std::max<int64_t>(1, std::min({worth, rows, MOST_PIECES}));
}

}  // namespace finetune
