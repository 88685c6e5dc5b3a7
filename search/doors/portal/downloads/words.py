"""What is said of files to be taken away, in both languages."""

from archives.message import Message, message

DOWNLOAD_WORDS: dict[str, Message] = {
    "downloads": message("下载", "Downloads"),
    "download_pdf": message("可检索的 PDF", "Searchable PDF"),
    "download_plain_pdf": message("PDF", "PDF"),
    "download_image": message("本页图像（JPEG）", "Image of this page (JPEG)"),
    "download_page_text": message("本页文字（TXT）", "Text of this page (TXT)"),
    "download_text": message("全部文字（TXT）", "Full text (TXT)"),
    "download_json": message("元数据（JSON）", "Metadata (JSON)"),
    "download_dublin_core": message("元数据（都柏林核心 XML）", "Metadata (Dublin Core XML)"),
    "download_recording": message("录音（{form}）", "Recording ({form})"),
    "download_film": message("录像（{form}）", "Video ({form})"),
    "recording": message("录音", "Recording"),
    "film": message("录像", "Video"),
    "play": message("播放录音", "Play the recording"),
    "play_film": message("播放录像", "Play the video"),
    "recording_note": message(
        "只有声音本身；文件中附带的说明已去掉。", "Sound only; notes embedded in the file have been removed."
    ),
    "film_note": message(
        "只有画面和声音本身；文件中附带的说明已去掉。",
        "Picture and sound only; notes embedded in the file have been removed.",
    ),
    "captions": message("字幕", "Captions"),
    "captions_of_several": message("字幕 {n}", "Captions {n}"),
    "transcript": message("文字稿", "Transcript"),
    "words_beside": message("文字稿、随附文字", "Transcript and accompanying text"),
    "note_cued": message(
        "取自字幕文件，前面是时间（时:分:秒）。",
        "Taken from the caption file, each part after its time (hours:minutes:seconds).",
    ),
    "visit_recording": message(
        "这份录音录像已经开放，但不在这里播放。请持有效身份证件到{holder}收听、观看。",
        "This recording is open but is not played here. To hear or watch it, please visit {holder} with an identity document.",
    ),
    "files_busy": message("同时下载的人太多", "Too many downloads at once"),
    "files_busy_advice": message("请过半分钟再试。", "Please try again in half a minute."),
    "form_and_size": message("{form}，{n} MB", "{form}, {n} MB"),
    "megabytes": message("{n} MB", "{n} MB"),
}
